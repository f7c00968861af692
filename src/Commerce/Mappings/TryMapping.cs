using System.Collections.Concurrent;
using System.Text.Json;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Storefronts;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.Mappings;

/// <summary>A delivery whose content is still kept.</summary>
public sealed record Sample(Guid DeliveryId, string Topic, DateTimeOffset ReceivedAt);

/// <summary>What a mapping would make of a sample.</summary>
/// <param name="Payload">The sample, parsed; null where it is no JSON.</param>
public sealed record MappingPreview(JsonElement? Payload, IReadOnlyList<MappedThing> Things, IReadOnlyList<MappingError> Errors, ProblemException? Refused);

/// <summary>What a mapping would make of the last deliveries.</summary>
/// <param name="Taken">Deliveries of which everything can be taken.</param>
/// <param name="Ignored">Deliveries to which no rule applies.</param>
/// <param name="Things">How many things of each kind.</param>
/// <param name="Refused">Deliveries by the reason and place of the first error.</param>
public sealed record MappingTrial(int Tried, int Taken, int Ignored, IReadOnlyDictionary<MappingKind, int> Things, IReadOnlyList<MappingRefusal> Refused);

/// <param name="Example">One of the deliveries, to look at.</param>
public sealed record MappingRefusal(MappingError Error, int Deliveries, Guid Example);

/// <summary>Tries a mapping without keeping anything: on one sample while it is written, and on the last deliveries.</summary>
[Uses(Purpose.Service, "shows staff what a program sent, to say what it means")]
internal sealed class TryMapping(Database database, KeyStore keys, ConnectionStore connections, SampleLooks looks, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    /// <summary>So many deliveries are tried, and keep their content once they were taken.</summary>
    public const int Most = 100;

    public const int LongestSample = 256 * 1024;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<Sample>> SamplesAsync(Guid connectionId, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        return await database.ReadAsync(s => s.QueryAsync($"""
            select delivery_id, topic, received_at from commerce_deliveries where connection_id = @connectionId and body is not null order by received_at desc, delivery_id desc limit {Most}
            """, new { connectionId }, r => new Sample(r.Guid(0), r.Text(1), r.Time(2)), ct), ct);
    }

    /// <summary>The content of a delivery, for whoever writes a mapping; that somebody looked is noted, once an hour.</summary>
    /// <returns>Null where it is not kept any more.</returns>
    public async Task<string?> OpenAsync(Guid connectionId, Guid deliveryId, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        var content = (await BodiesAsync(connectionId, deliveryId, ct)).FirstOrDefault().Body;
        await (!looks.IsNew(actor.Value.Name, deliveryId, time.GetUtcNow()) ? Task.CompletedTask : database.WriteAsync(tx => audit.RecordAsync(tx, "connection.sample_opened", $"connection:{connectionId}", reason: null, ct, $"{deliveryId}"), ct));
        return content;
    }

    public async Task<MappingPreview> RunAsync(Guid connectionId, Mapping mapping, string sample, string topic, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        var compiled = CompiledMapping.Of(mapping);
        try
        {
            var payload = await PayloadAsync(connectionId, ct);
            var read = payload with { Topic = topic, Root = WorkMapped.ParsePayload(sample.Length <= LongestSample ? sample : throw new ProblemException("payload_invalid", "The content is not one JSON object.", 422)) };
            return new MappingPreview(read.Root, ReadMapped.Run(compiled, read), compiled.Errors, null);
        }
        catch (ProblemException refused) when (refused.Status == 422)
        {
            return new MappingPreview(null, [], compiled.Errors, refused);
        }
    }

    public async Task<MappingTrial> TryAsync(Guid connectionId, Mapping mapping, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        var (compiled, payload) = (CompiledMapping.Of(mapping), await PayloadAsync(connectionId, ct));
        var (things, refused) = (new Dictionary<MappingKind, int>(), new List<(MappingError Error, Guid Delivery)>());
        var (tried, taken, ignored) = (0, 0, 0);
        foreach (var (sample, body) in await BodiesAsync(connectionId, null, ct))
        {
            tried++;
            try
            {
                var read = body is null ? [] : ReadMapped.Run(compiled, payload with { Topic = sample.Topic, Root = WorkMapped.ParsePayload(body) });
                if (read.SelectMany(t => t.Errors).FirstOrDefault() is { } error)
                {
                    refused.Add((error, sample.DeliveryId));
                }
                else if (read.Count == 0)
                {
                    ignored++;
                }
                else
                {
                    taken++;
                }
                foreach (var thing in read.Where(t => t.Value is not null))
                {
                    things[thing.Kind] = things.GetValueOrDefault(thing.Kind) + 1;
                }
            }
            catch (ProblemException problem) when (problem.Status == 422)
            {
                refused.Add((new MappingError(-1, null, null, problem), sample.DeliveryId));
            }
        }
        return new MappingTrial(tried, taken, ignored, things, [.. refused.GroupBy(r => (r.Error.Rule, r.Error.Field, r.Error.Problem.Code))
            .Select(g => new MappingRefusal(g.First().Error, g.Count(), g.First().Delivery)).OrderByDescending(r => r.Deliveries)]);
    }

    private async Task<MappedPayload> PayloadAsync(Guid connectionId, CancellationToken ct)
    {
        var connection = await connections.GetAsync(connectionId, ct);
        var storefront = await database.ReadAsync(s => s.FirstAsync($"select {Storefront.Columns} from commerce_storefronts where storefront_id = @StorefrontId", new { connection.StorefrontId }, Storefront.Of, ct), ct)
            ?? throw new ProblemException("storefront_unknown", "There is no such storefront.", 404);
        return new MappedPayload(connection, storefront, HookProtocol.NoTopic, "sample", time.GetUtcNow(), default);
    }

    private async Task<List<(Sample Sample, string? Body)>> BodiesAsync(Guid connectionId, Guid? one, CancellationToken ct)
    {
        var rows = await database.ReadAsync(s => s.QueryAsync($"""
            select delivery_id, topic, received_at, body, body_key from commerce_deliveries
            where connection_id = @connectionId and body is not null and (@all or delivery_id = @one) order by received_at desc, delivery_id desc limit {Most}
            """, new { connectionId, all = one is null, one = one ?? Guid.Empty }, r => (Sample: new Sample(r.Guid(0), r.Text(1), r.Time(2)), Body: r.Sealed(3), Key: r.Guid(4)), ct), ct);
        var opened = await keys.KeysAsync(rows.Select(r => r.Key).Distinct(), create: false, ct);
        return rows.ConvertAll(r => (r.Sample, opened.Open(r.Key, TakeDelivery.BodyColumn, r.Body)));
    }
}

/// <summary>Who looked at which sample on this node within the hour: the editor asks for it at each change.</summary>
internal sealed class SampleLooks
{
    private const int Most = 1000;
    private static readonly TimeSpan Length = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<(string Who, Guid Sample), DateTimeOffset> looked = new();

    public bool IsNew(string who, Guid sample, DateTimeOffset now)
    {
        if (looked.TryGetValue((who, sample), out var at) && now - at < Length)
        {
            return false;
        }
        if (looked.Count >= Most)
        {
            looked.Clear();
        }
        looked[(who, sample)] = now;
        return true;
    }
}
