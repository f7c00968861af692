using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Experiments;

/// <summary>What experiments add.</summary>
internal static class ExperimentSetup
{
    public static IServiceCollection AddExperiments(this IServiceCollection services) => services
        .AddSingleton<ExperimentDirectory>().AddSingleton<IExperiments, Experiments>().AddScoped<IPersonalData, ExperimentPersonalData>()
        .AddScoped<CreateExperiment>().AddScoped<StartExperiment>().AddScoped<StopExperiment>().AddScoped<ChooseWinner>().AddScoped<ReadExperiment>().AddScoped<ListExperiments>()
        .AddScoped<StopBroken>().AddSingleton<GuardrailWorker>();

    public static void Declare(ModuleCatalog catalog)
    {
        catalog.AddPermission(ExperimentPermissions.Read, [Role.Marketer, Role.Analyst]);
        catalog.AddPermission(ExperimentPermissions.Manage, [Role.Marketer]);
        catalog.AddWorker(typeof(GuardrailWorker));
    }
}
