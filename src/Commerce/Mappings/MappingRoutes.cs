using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Commerce.Mappings;

/// <summary>The editor of a connection's mapping. Each change of the form is posted, and answered with the form anew, the sample and what would come out of it.</summary>
internal static class MappingRoutes
{
    private const string One = ConnectionRoutes.Path + "/{id:guid}/mapping";

    public static string Of(Guid connectionId) => $"{ConnectionRoutes.Path}/{connectionId}/mapping";

    public static void MapMappings(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(One).RequirePermission(CommercePermissions.EditConnections);
        group.MapGet("", OpenAsync);
        group.MapPost("/workbench", WorkAsync);
        group.MapPost("", SaveAsync);
    }

    /// <param name="version">An earlier version to begin with; the one in force otherwise.</param>
    private static async Task<IResult> OpenAsync(Guid id, long? version, ConnectionStore connections, MappingStore mappings, TryMapping trial, CancellationToken ct)
    {
        var (connection, versions) = (await GenericAsync(connections, id, ct), await mappings.VersionsAsync(id, ct));
        var begun = versions.Find(v => version is null || v.Version == version)?.Mapping ?? new Mapping([]);
        var samples = await trial.SamplesAsync(id, ct);
        var bench = await BenchAsync(id, begun, samples, samples.Count > 0 ? samples[0] : null, "", "", trial, ct);
        return Html.Page<MappingEditor>(new { Connection = connection, Versions = versions, Bench = bench });
    }

    private static async Task<IResult> WorkAsync(Guid id, HttpRequest request, TryMapping trial, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        var op = form["op"].ToString();
        var bench = await BenchOfAsync(id, form, MappingDraft.Apply(MappingDraft.Of(form), op), trial, ct);
        return Html.Part<MappingWorkbench>(new { Bench = op == "try" ? bench with { Trial = await trial.TryAsync(id, bench.Mapping, ct) } : bench });
    }

    private static async Task<IResult> SaveAsync(Guid id, HttpRequest request, SaveMapping save, ConnectionStore connections, MappingStore mappings, TryMapping trial, HttpContext http, Words words, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        var mapping = MappingDraft.Of(form);
        try
        {
            var version = await save.RunAsync(id, mapping, ct);
            new Toast(words["Version {0} is in force", version]).Send(http);
            return Results.LocalRedirect($"{ConnectionRoutes.Path}/{id}");
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status422UnprocessableEntity)
        {
            return Html.Page<MappingEditor>(new
            {
                Connection = await GenericAsync(connections, id, ct), Versions = await mappings.VersionsAsync(id, ct), Bench = await BenchOfAsync(id, form, mapping, trial, ct), Problem = problem,
            }, problem.Status);
        }
    }

    private static async Task<Connection> GenericAsync(ConnectionStore connections, Guid id, CancellationToken ct) =>
        await connections.GetAsync(id, ct) is { IsGeneric: true } connection ? connection : throw ConnectionStore.Unknown();

    private static async Task<MappingBench> BenchOfAsync(Guid id, IFormCollection form, Mapping mapping, TryMapping trial, CancellationToken ct)
    {
        var samples = await trial.SamplesAsync(id, ct);
        var chosen = Guid.TryParse(form["sample"], out var sample) ? samples.FirstOrDefault(s => s.DeliveryId == sample) : null;
        return await BenchAsync(id, mapping, samples, chosen, form["pasted"].ToString(), form["topic"].ToString(), trial, ct);
    }

    /// <param name="chosen">Null for what was pasted.</param>
    private static async Task<MappingBench> BenchAsync(Guid id, Mapping mapping, IReadOnlyList<Sample> samples, Sample? chosen, string pasted, string topic, TryMapping trial, CancellationToken ct)
    {
        var content = chosen is null ? pasted : await trial.OpenAsync(id, chosen.DeliveryId, ct) ?? "";
        topic = (chosen?.Topic ?? topic.Trim()) is { Length: > 0 } named ? named : HookProtocol.NoTopic;
        var preview = string.IsNullOrWhiteSpace(content) ? new MappingPreview(null, [], CompiledMapping.Of(mapping).Errors, null) : await trial.RunAsync(id, mapping, content, topic, ct);
        return new MappingBench(id, mapping, samples, chosen, pasted, topic, preview);
    }
}

/// <summary>What the editor shows.</summary>
/// <param name="Chosen">The received sample; null where one was pasted.</param>
/// <param name="Trial">What would become of the last deliveries; null where nobody asked.</param>
public sealed record MappingBench(Guid ConnectionId, Mapping Mapping, IReadOnlyList<Sample> Samples, Sample? Chosen, string Pasted, string Topic, MappingPreview Preview, MappingTrial? Trial = null)
{
    /// <summary>The first that is wrong with a field of a rule, in the mapping itself or in the sample.</summary>
    public MappingError? ErrorOf(int rule, string field) => Preview.Errors.Concat(Preview.Things.SelectMany(t => t.Errors)).FirstOrDefault(e => e.Rule == rule && e.Field == field);
}
