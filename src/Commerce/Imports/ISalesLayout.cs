using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>A form in which sales come; stateless, as one serves all imports.</summary>
internal interface ISalesLayout
{
    string Name { get; }

    /// <summary>English, translated on display.</summary>
    string Title { get; }

    /// <summary>A line's cells are read by position in this list.</summary>
    IReadOnlyList<ImportField> Fields { get; }

    bool NeedsMapping { get; }

    /// <inheritdoc cref="IImportTarget.DayFirst"/>
    bool? DayFirst { get; }

    /// <summary>Of the first storefront, where an import has to make it.</summary>
    string Currency { get; }

    /// <summary>The number of the order or cancellation that a line belongs to.</summary>
    string? GroupOf(ImportLine line);

    /// <summary>The line's content, or null where it is rejected; every rejection and repair is noted.</summary>
    SalesLine? Read(ImportLine line, SalesFile file);

    /// <summary>Of a file whose lines are whole orders: each of its products.</summary>
    IReadOnlyList<SalesLine> ReadAll(ImportLine line, SalesFile file) => Read(line, file) is { } sale ? [sale] : [];

    /// <summary>False where a line says less of an order than others do: what stands already is passed over.</summary>
    bool AddsToStanding => true;
}
