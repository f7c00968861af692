using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Ui.Live;

namespace Wellmet.Customers.Imports;

/// <summary>What the room of imports gives to the program.</summary>
internal static class ImportsSetup
{
    public static void AddImports(this ModuleSetup setup)
    {
        setup.Routes(ImportRoutes.MapImports);
        setup.Menu(new MenuEntry("Settings", "Imports", ImportRoutes.Path, "upload", CustomersPermissions.Import, 10));
        setup.Services.AddSingleton<ImportLedger>();
        setup.Services.AddSingleton<ImportFiles>();
        setup.Services.AddSingleton<ImportRemarks>();
        setup.Services.AddSingleton<ColumnMemory>();
        setup.Services.AddSingleton(p => new ImportNews(p.GetService<LiveTopics>()));
        setup.Services.AddSingleton<ImportWork>();
        setup.Worker<ImportWorker>();
        setup.Services.AddSingleton<IExpiry, ImportExpiry>();
        setup.Services.AddSingleton<IImports, ImportFigures>();
        setup.Services.AddScoped<ImportTargets>();
        setup.Services.AddScoped<StartImport>();
        setup.Services.AddScoped<PreviewImport>();
        setup.Services.AddScoped<ChooseColumns>();
        setup.Services.AddScoped<UploadImport>();
        setup.Services.AddScoped<ContinueImport>();
        setup.Services.AddScoped<ImportStores>();
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
