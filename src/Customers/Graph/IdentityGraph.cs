using Wellmet.Customers.Identities;
using Wellmet.Customers.Joining;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Graph;

/// <summary>What makes a customer: subjects, by what each is known, and why they belong together.</summary>
/// <param name="Nodes">In the order in which they are drawn, the customer's own subject first, followers below whom they follow.</param>
/// <param name="More">Subjects that are not drawn: a picture of hundreds shows nothing.</param>
/// <param name="Held">What a rule keeps from this customer, or this customer's from others.</param>
public sealed record IdentityGraph(IReadOnlyList<GraphNode> Nodes, int More, IReadOnlyList<GraphHold> Held);

/// <summary>A subject.</summary>
/// <param name="Depth">How many links it is away from the customer's own subject.</param>
/// <param name="Parent">Place in the list of the one that it follows; null for the customer's own.</param>
/// <param name="Identities">Masked where the viewer may not see personal data; empty for somebody without an identifier.</param>
/// <param name="Imported">A file brought it, not the shop itself.</param>
/// <param name="Link">Null for the customer's own.</param>
public sealed record GraphNode(Guid SubjectId, int Depth, int? Parent, IReadOnlyList<CustomerIdentity> Identities, DateTimeOffset FirstSeenAt, bool Imported, GraphLink? Link);

/// <summary>A merge in force.</summary>
/// <param name="By">Who made it; null for a rule.</param>
/// <param name="ProvedAt">When the shop first proved it; null where people decided without a proof.</param>
public sealed record GraphLink(Guid MergeId, MergeReason Reason, string? By, DateTimeOffset At, DateTimeOffset? ProvedAt);

/// <summary>Something that was proved and not joined.</summary>
/// <param name="Node">Place in the list of the subject of this customer.</param>
/// <param name="Identity">What they share; null where nothing is left of it.</param>
/// <param name="OtherId">The other customer.</param>
public sealed record GraphHold(int Node, CustomerIdentity? Identity, Guid OtherId, CustomerProfile Other, HoldReason Reason, DateTimeOffset At);

/// <summary>Nodes in words.</summary>
internal static class GraphWords
{
    /// <summary>The identifier that goes first, and how many others there are.</summary>
    public static string Named(this GraphNode node, Words words) => node.Identities.OrderBy(i => i.Kind).FirstOrDefault() is { } first
        ? node.Identities.Count > 1 ? $"{first.Value} +{node.Identities.Count - 1}" : first.Value : words["No identifier"];
}
