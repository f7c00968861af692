namespace Wellmet.Customers.Collection;

/// <summary>Limits of the collection API. Those of a request are Segment's, so that its libraries never meet a new one.</summary>
internal static class CollectionLimits
{
    /// <summary>Bytes of one event, and of one request.</summary>
    public const int EventBytes = 32 * 1024, RequestBytes = 500 * 1024;

    public const int EventsPerRequest = 2500, Properties = 300, Depth = 32;

    /// <summary>Longest name of an event, message id, identifier and name of a property, in characters.</summary>
    public const int Name = 200, MessageId = 100, Identifier = 300, PropertyName = 100;

    /// <summary>Events that may wait for their commit; further requests are refused with 429. At most 32 KB each, about 1 KB as a rule.</summary>
    public const int Waiting = 20_000;

    /// <summary>Bytes of the requests that may wait, so that memory is bounded whatever the events hold.</summary>
    public const long WaitingBytes = 64 * 1024 * 1024;

    /// <summary>Events of one transaction: few enough for SQLite's only writer not to be held for long.</summary>
    public const int PerCommit = 1000;

    /// <summary>How long a message id is remembered; a repetition after that is a new event.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    /// <summary>An event that is told later than this is history: it is counted, and fires nothing.</summary>
    public static readonly TimeSpan Live = TimeSpan.FromDays(1);

    /// <summary>How far a clock may run ahead; what lies further in the future happened now.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
}
