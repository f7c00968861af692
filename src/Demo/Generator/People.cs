using Wellmet.Science.Statistics;

namespace Wellmet.Demo.Generator;

/// <summary>A country with the names of its people.</summary>
/// <param name="Given">Each as <c>name</c>, or <c>name=latin</c> where an address writes it otherwise.</param>
/// <param name="FamilyFirst">Whether the family's name stands first, without a space between the two.</param>
internal sealed record Country(string Code, string Locale, double Share, Name[] Given, Name[] Family, bool FamilyFirst);

/// <param name="Latin">As it stands in an e-mail address.</param>
internal readonly record struct Name(string Text, string Latin);

/// <summary>The made-up people of the demo shop: names that are common in their country, and addresses that lead to nobody.</summary>
internal static class People
{
    public static IReadOnlyList<Country> Countries { get; } =
    [
        Of("DE", "de-DE", 0.26, "Anna, Lukas, Lea, Jonas, Katrin, Stefan, Sabine, Jürgen=juergen, Heike, Björn=bjoern, Frieda, Moritz, Antje, Uwe, Greta, Till",
            "Müller=mueller, Schmidt, Fischer, Weber, Schröder=schroeder, Hoffmann, Koch, Becker, Wolf, Krüger=krueger, Brandt, Lorenz, Vogel, Jansen, Böhm=boehm, Seidel"),
        Of("GB", "en-GB", 0.24, "Oliver, Amelia, Harry, Isla, George, Poppy, Callum, Freya, Nigel, Gemma, Rhys, Fiona, Priya, Imran, Hannah, Ewan",
            "Smith, Jones, Taylor, Brown, Davies, Evans, Wilson, Patel, Campbell, Khan, Hughes, Walker, Wright, Green, Fraser, Bennett"),
        Of("FR", "fr-FR", 0.18, "Camille, Louis, Chloé=chloe, Hugo, Inès=ines, Mathieu, Élodie=elodie, Julien, Manon, Théo=theo, Amélie=amelie, Nicolas, Léa=lea, Yanis, Margaux, Benoît=benoit",
            "Martin, Bernard, Dubois, Moreau, Laurent, Lefèvre=lefevre, Girard, Roux, Fontaine, Chevalier, Gauthier, Perrin, Morel, Lemaire, Benali, Rousseau"),
        Of("ES", "es-ES", 0.12, "Lucía=lucia, Hugo, Martina, Pablo, Carmen, Javier, Sofía=sofia, Álvaro=alvaro, Marta, Diego, Rocío=rocio, Sergio, Nuria, Iker, Pilar, Andrés=andres",
            "García=garcia, Fernández=fernandez, López=lopez, Martínez=martinez, Sánchez=sanchez, Gómez=gomez, Ruiz, Díaz=diaz, Moreno, Álvarez=alvarez, Romero, Navarro, Torres, Vázquez=vazquez, Ramos, Castro"),
        Of("IT", "it-IT", 0.12, "Giulia, Lorenzo, Chiara, Matteo, Francesca, Alessandro, Martina, Davide, Elena, Marco, Sara, Riccardo, Beatrice, Simone, Paola, Niccolò=niccolo",
            "Rossi, Ferrari, Russo, Bianchi, Romano, Colombo, Ricci, Marino, Greco, Conti, Gallo, Fontana, Esposito, De Luca=deluca, Rinaldi, Villa"),
        Of("JP", "ja-JP", 0.08, "陽菜=hina, 蓮=ren, 結衣=yui, 大翔=hiroto, 美咲=misaki, 健太=kenta, 葵=aoi, 翔太=shota, 由美子=yumiko, 拓也=takuya, 恵子=keiko, 直樹=naoki, 真由=mayu, 悠斗=yuto, 智子=tomoko, 亮=ryo",
            "佐藤=sato, 鈴木=suzuki, 高橋=takahashi, 田中=tanaka, 伊藤=ito, 渡辺=watanabe, 山本=yamamoto, 中村=nakamura, 小林=kobayashi, 加藤=kato, 吉田=yoshida, 山田=yamada, 佐々木=sasaki, 松本=matsumoto, 井上=inoue, 木村=kimura",
            familyFirst: true),
    ];

    public static Country CountryOf(SeededRandom random) => Countries[Pick.Of(random, Countries.Count, c => Countries[c].Share)];

    /// <summary>Name and address; the number keeps the address apart from those of namesakes.</summary>
    public static (string Name, string Email) NameOf(Country country, int number, SeededRandom random)
    {
        var (given, family) = (country.Given[random.Next(country.Given.Length)], country.Family[random.Next(country.Family.Length)]);
        var name = country.FamilyFirst ? family.Text + given.Text : $"{given.Text} {family.Text}";
        return (name, $"{given.Latin}.{family.Latin}{number}@{country.Code.ToLowerInvariant()}.demo.example");
    }

    private static Country Of(string code, string locale, double share, string given, string family, bool familyFirst = false) =>
        new(code, locale, share, Names(given), Names(family), familyFirst);

    private static Name[] Names(string list) =>
        [.. list.Split(", ").Select(n => n.Split('=')).Select(n => new Name(n[0], n.Length > 1 ? n[1] : n[0].ToLowerInvariant()))];
}
