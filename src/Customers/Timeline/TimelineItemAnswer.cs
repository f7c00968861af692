using System.ComponentModel;
using System.Globalization;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Timeline;

/// <summary>An entry of a timeline in the API.</summary>
internal sealed record TimelineItemAnswer(
    string Id, Guid SubjectId, DateTimeOffset At,
    [property: Description("`order`, `cancellation`, `delivery`, `return`, `visit`, `profile`, `privacy` …; others may come.")] string Kind,
    [property: Description("For people, in the caller's language.")] string Text,
    [property: Description("False for what an import told of the past.")] bool Live)
{
    public static TimelineItemAnswer Of(TimelineLine line, Words words) => new(
        string.Create(CultureInfo.InvariantCulture, $"{line.SubjectId:N}-{line.Seq}"), line.SubjectId, line.At, line.Text.Kind, words[line.Text.Text, [.. line.Text.Arguments]], line.Live);
}
