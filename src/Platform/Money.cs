using System.Globalization;

namespace Wellmet.Platform;

/// <summary>An amount in minor units (pence, cents; yen has none) of an ISO 4217 currency.</summary>
public readonly record struct Money(long Minor, string Currency)
{
    private static readonly HashSet<string> NoDecimals = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"];
    private static readonly HashSet<string> ThreeDecimals = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    /// <summary>Digits after the decimal point of a currency (ISO 4217).</summary>
    public static int Decimals(string currency) => NoDecimals.Contains(currency) ? 0 : ThreeDecimals.Contains(currency) ? 3 : 2;

    /// <summary>Rounds half away from zero to the currency's minor unit.</summary>
    /// <exception cref="OverflowException">The amount does not fit into 64 bits of minor units.</exception>
    public static Money From(decimal amount, string currency) =>
        new(decimal.ToInt64(Math.Round(amount * Scale(currency), 0, MidpointRounding.AwayFromZero)), currency);

    public decimal Amount => Minor / Scale(Currency);

    public static Money operator +(Money a, Money b) => a.Currency == b.Currency
        ? new(checked(a.Minor + b.Minor), a.Currency)
        : throw new InvalidOperationException($"Cannot add {a.Currency} and {b.Currency}.");

    /// <summary>For people, by the viewer's culture: £1,234.50.</summary>
    public string Display(CultureInfo culture)
    {
        var symbol = Currency switch { "GBP" => "£", "EUR" => "€", "USD" => "$", "CNY" => "¥", "JPY" => "JP¥", _ => Currency + "\u00a0" };
        var digits = Math.Abs(Amount).ToString("N" + Decimals(Currency), culture);
        return (Minor < 0 ? "−" : "") + symbol + digits;
    }

    public override string ToString() => Amount.ToString("F" + Decimals(Currency), CultureInfo.InvariantCulture) + " " + Currency;

    private static decimal Scale(string currency) => Decimals(currency) switch { 0 => 1m, 3 => 1000m, _ => 100m };
}
