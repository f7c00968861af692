namespace Wellmet.Platform.Ui.Parts;

/// <summary>A tab of <c>Tabs</c>, or a choice of <c>Switcher</c>: a link with a translated label.</summary>
public sealed record Tab(string Label, string Href, long? Count = null);
