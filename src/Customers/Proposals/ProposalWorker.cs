using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;

namespace Wellmet.Customers.Proposals;

/// <summary>Has customers compared once a day, by one node, or when somebody asks.</summary>
public sealed class ProposalWorker(ProposalStatus status, IServiceScopeFactory scopes, TimeProvider time, ILogger<ProposalWorker> logger) : BackgroundService
{
    /// <summary>A program that has just started has other things to do.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(20), Poll = TimeSpan.FromMinutes(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            var asked = await status.WaitAsync(Poll, stoppingToken);
            try
            {
                if (asked || time.GetUtcNow() - started >= Delay)
                {
                    await FindAsync(asked, stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Could not compare customers; it is tried again tomorrow, or when somebody asks");
            }
        }
    }

    private async Task FindAsync(bool asked, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        if (await scope.ServiceProvider.GetRequiredService<FindProposals>().RunAsync(asked, ct) is { } card)
        {
            logger.LogInformation("Compared {Customers} customers in {Milliseconds} ms: {Found} proposals, {Merged} merged", card.Customers, (long)card.Took.TotalMilliseconds, card.Found, card.Merged);
        }
    }
}

/// <summary>Asks that customers are compared now; it is done in the background.</summary>
public sealed class RequestProposals(ProposalStatus status, CurrentActor actor)
{
    public void Run()
    {
        actor.Demand(CustomersPermissions.Edit);
        status.Ask();
    }
}
