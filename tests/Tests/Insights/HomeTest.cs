using Wellmet.Insights.Home;
using Wellmet.Insights.Rollups;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Insights;

/// <summary>The figures of the home page.</summary>
public sealed class HomeTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_real_file_comes_to_its_known_figures(Engine engine)
    {
        Assert.SkipUnless(File.Exists(ImportsInShop.OnlineRetail), "../shared/data/online-retail is not there.");
        var storage = TestShop.NewStorage(engine);
        Guid importId;
        await using (var first = await TestShop.OpenAsync(engine, workers: false, storage: storage))
        {
            importId = (await first.ImportFileAsync(ImportsInShop.OnlineRetail)).ImportId;
        }
        var w = System.Diagnostics.Stopwatch.StartNew();
        Directory.CreateDirectory(storage.DataFolder);
        await using var shop = await TestShop.OpenAsync(engine, storage: storage);
        await shop.DrainAsync();
        var o = TestContext.Current.TestOutputHelper!;
        o.WriteLine($"drained {w.ElapsedMilliseconds}"); w.Restart();
        await shop.CountSalesAsync();
        o.WriteLine($"counted {w.ElapsedMilliseconds}"); w.Restart();
        for (int i = 0; i < 3; i++)
        {
            w.Restart();
            var choice = (await shop.UseAsync<ChoosePeriod, HomeChoice?>(c => c.RunAsync(new HomeQuery(i == 0 ? "all" : "12m"), default)))!;
            o.WriteLine($"choice {w.ElapsedMilliseconds} "); w.Restart();
            var f = await shop.UseAsync<ReadFigures, Figures>(c => c.RunAsync(choice.Scope, default));
            o.WriteLine($"figures {w.ElapsedMilliseconds} {f} {f.RepeatRate} {f.CancelledShare}"); w.Restart();
            var s = await shop.UseAsync<ReadSeries, IReadOnlyList<SeriesPoint>>(c => c.RunAsync(choice.Scope, choice.Period.By, default));
            o.WriteLine($"series {w.ElapsedMilliseconds} {s.Count}"); w.Restart();
            var p = await shop.UseAsync<TopProducts, IReadOnlyList<ProductSales>>(c => c.RunAsync(choice.Scope, 10, default));
            o.WriteLine($"products {w.ElapsedMilliseconds} {p.Count}"); w.Restart();
            var k = await shop.UseAsync<TopCountries, List<CountrySales>>(c => c.RunAsync(choice.Scope, 10, default));
            o.WriteLine($"countries {w.ElapsedMilliseconds} {k.Count}"); w.Restart();
        }
    }
}
