using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Modules;

namespace Wellmet.Customers.Imports;

/// <summary>What the room of imports gives to the program.</summary>
internal static class ImportsSetup
{
    public static void AddImports(this ModuleSetup setup)
    {
        setup.Services.AddSingleton<ImportLedger>();
        setup.Services.AddSingleton<ImportFiles>();
        setup.Services.AddSingleton<ImportRemarks>();
        setup.Services.AddSingleton<ColumnMemory>();
        setup.Services.AddSingleton<IImports, ImportFigures>();
        setup.Services.AddScoped<ImportTargets>();
        setup.Services.AddScoped<StartImport>();
        setup.Services.AddScoped<RunImport>();
        setup.Services.AddScoped<CancelImport>();
        setup.Services.AddScoped<UndoImport>();
        setup.Services.AddScoped<UndoStores>();
        setup.Services.AddScoped<RunUndo>();
        setup.Services.AddScoped<ListImports>();
        setup.Services.AddScoped<ImportDetails>();
        setup.Services.AddScoped<DownloadRemarks>();
    }
}
