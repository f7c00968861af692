using System.Text.Json;
using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Ui.Live;

namespace Wellmet.Customers.Events;

/// <summary>A call as it came in, and what became of it.</summary>
/// <param name="Type">As it was sent; empty where there is none.</param>
/// <param name="Name">Of the event or page; may be empty.</param>
/// <param name="Breaches">Of the specification; the event was kept all the same.</param>
/// <param name="Properties">What stands in clear; null for a call that was refused, or was cut because it is long.</param>
/// <param name="PersonalNames">Names of the properties and traits that were sealed.</param>
public sealed record WatchedCall(
    DateTimeOffset At, Guid SourceId, string Type, string Name, EventOutcome Outcome, bool Trusted, bool HasUser, IReadOnlyList<PlanBreach> Breaches, string? Properties,
    IReadOnlyList<string> PersonalNames)
{
    public CallResult Result => Outcome.Status switch
    {
        CollectionStatus.Rejected => CallResult.Refused,
        CollectionStatus.Duplicate => CallResult.Duplicate,
        _ => Breaches.Count > 0 ? CallResult.Doubtful : CallResult.Accepted,
    };
}

/// <summary>
/// The latest calls that this node and the others (<see cref="EventWatchNotifications"/>) took or refused, for whoever connects a shop and wants to see what
/// arrives. In memory and few; values that may be personal are not among them.
/// </summary>
public sealed class EventWatch(EventProblems problems, LiveTopics live, TimeProvider time)
{
    /// <summary>What the page of calls listens to.</summary>
    public const string Topic = "customers.calls";

    private const int Most = 200, LongestProperties = 4000;
    private readonly Queue<WatchedCall> latest = new();
    private Queue<WatchedCall>? untold;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<WatchedCall> Latest()
    {
        lock (latest)
        {
            return [.. latest.Reverse().OrderByDescending(c => c.At)];
        }
    }

    /// <summary>There are other nodes: what is taken here waits for <see cref="TakeUntold"/> from now on.</summary>
    internal void TellOthers()
    {
        lock (latest)
        {
            untold ??= new();
        }
    }

    /// <summary>The calls of this node that the others have not heard of, the newest first.</summary>
    internal IReadOnlyList<WatchedCall> TakeUntold()
    {
        lock (latest)
        {
            var taken = untold?.Reverse().ToList() ?? [];
            untold?.Clear();
            return taken;
        }
    }

    /// <summary>Calls that another node took.</summary>
    internal void Hear(IReadOnlyList<WatchedCall> calls)
    {
        lock (latest)
        {
            Add(latest, calls.Reverse());
        }
        live.Tell(Topic);
    }

    /// <summary>Looks at the calls of one request.</summary>
    /// <param name="calls">As they came in: one, or the events of a batch.</param>
    /// <param name="read">Their events, where they could be read; in the same order.</param>
    /// <param name="outcomes">What became of them; in the same order.</param>
    internal void Add(CollectionSource source, string? type, IReadOnlyList<JsonElement> calls, IReadOnlyList<IncomingEvent?> read, IReadOnlyList<EventOutcome> outcomes)
    {
        var now = time.GetUtcNow();
        var held = new List<WatchedCall>();
        for (var i = 0; i < outcomes.Count; i++)
        {
            var name = read[i]?.Name ?? NameOf(calls[i]);
            IReadOnlyList<PlanBreach> breaches = read[i] is { } taken && outcomes[i].Status == CollectionStatus.Accepted ? [.. TrackingPlan.Breaches(taken), .. taken.RefusedTraits] : [];
            Count(source, name, breaches, outcomes[i]);
            if (i >= outcomes.Count - Most)
            {
                held.Add(CallOf(now, source, type ?? TypeOf(calls[i]), name, read[i], outcomes[i], breaches));
            }
        }
        Keep(held);
    }

    /// <summary>A request that could not be read at all.</summary>
    internal void Refuse(CollectionSource source, string? type, ProblemException problem)
    {
        var outcome = new EventOutcome(null, CollectionStatus.Rejected, problem.Code, problem.Message);
        Count(source, "", [], outcome);
        Keep([CallOf(time.GetUtcNow(), source, type ?? "batch", "", null, outcome, [])]);
    }

    private void Count(CollectionSource source, string name, IReadOnlyList<PlanBreach> breaches, EventOutcome outcome)
    {
        if (outcome.Status == CollectionStatus.Rejected)
        {
            problems.Count(new EventProblem(source.SourceId, name, outcome.Reason!, "", Refused: true), outcome.MessageId);
        }
        foreach (var breach in breaches)
        {
            problems.Count(new EventProblem(source.SourceId, name, breach.Problem, breach.Property, Refused: false), outcome.MessageId);
        }
    }

    private void Keep(List<WatchedCall> calls)
    {
        lock (latest)
        {
            Add(latest, calls);
            if (untold is not null)
            {
                Add(untold, calls);
            }
        }
        live.Tell(Topic);
    }

    private static void Add(Queue<WatchedCall> queue, IEnumerable<WatchedCall> calls)
    {
        foreach (var call in calls)
        {
            queue.Enqueue(call);
        }
        while (queue.Count > Most)
        {
            queue.Dequeue();
        }
    }

    private static WatchedCall CallOf(
        DateTimeOffset at, CollectionSource source, string type, string name, IncomingEvent? read, EventOutcome outcome, IReadOnlyList<PlanBreach> breaches) => new(
        at, source.SourceId, type, name, outcome, read?.Trusted ?? source.Trusted, read?.UserId is not null, breaches,
        read is { Properties.Json.Length: <= LongestProperties } ? read.Properties.Json : null,
        read is null ? [] : [.. read.Traits.Select(t => t.Name), .. read.Personal is { } personal ? JsonElement.Parse(personal).EnumerateObject().Select(p => p.Name) : []]);

    private static string TypeOf(JsonElement call) => TextOf(call, "type") ?? "";

    private static string NameOf(JsonElement call) => TextOf(call, "event") ?? TextOf(call, "name") ?? "";

    private static string? TextOf(JsonElement call, string name)
    {
        try
        {
            return CallReader.Text(call, name) is { } text ? PropertySplit.Clean(text.Length <= CollectionLimits.Name ? text : text[..CollectionLimits.Name]) : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }
    }
}
