using Wellmet.Customers.Contract;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Schema;

/// <summary>Traits and their definitions in words.</summary>
internal static class TraitWords
{
    public static string Of(this Words words, TraitType type) => type switch
    {
        TraitType.Number => words["A number"],
        TraitType.Boolean => words["Yes or no"],
        TraitType.Date => words["Date"],
        _ => words["Text"],
    };

    public static string Of(this Words words, TraitTelling telling) => telling switch
    {
        TraitTelling.Clear => words["Not personal: segments can ask it"],
        TraitTelling.MonthAndDay => words["Personal, but month and day for segments"],
        _ => words["Personal: sealed"],
    };

    public static string Of(this Words words, TraitSource source) => source switch
    {
        TraitSource.Visitor => words["A visitor's browser"],
        TraitSource.Shop => words["The shop's server"],
        TraitSource.Import => words["An import"],
        _ => words["Staff"],
    };

    public static string Of(this Words words, TraitRule rule) => rule switch
    {
        TraitRule.Newest => words["The newest, whoever says it"],
        TraitRule.First => words["The first that was said"],
        TraitRule.Highest => words["The highest"],
        TraitRule.Lowest => words["The lowest"],
        TraitRule.Staff => words["Only what staff say"],
        _ => words["The most trusted source, then the newest"],
    };

    /// <summary>A value as people read it.</summary>
    public static string ValueOf(this Words words, TraitDefinition definition, string value) => definition.Type is not TraitType.Boolean ? value : value switch
    {
        "true" => words["Yes"],
        "false" => words["No"],
        _ => value,
    };
}
