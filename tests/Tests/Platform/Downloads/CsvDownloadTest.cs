using System.Globalization;
using System.Text;
using Wellmet.Platform;
using Wellmet.Platform.Downloads;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Purposes;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Platform.Downloads;

/// <summary>A list as a file: whole, or saying what is missing.</summary>
public sealed class CsvDownloadTest
{
    [Theory]
    [InlineData(7, "n|0|1|2|3|4|5|6")]
    [InlineData(8, "n|0|1|2|3|4|5|6")]
    [InlineData(5, "n|0|1|2|3|4|# cut at 5 rows: file_full")]
    [InlineData(4, "n|0|1|2|3|# cut at 4 rows: file_full")]
    public async Task It_holds_every_page_of_the_list_or_says_where_it_was_cut(int mostRows, string expected)
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var numbers = Enumerable.Range(0, 7).ToList();

        var file = await WrittenAsync(shop, (download, stream) => download.WriteAsync(stream, List(numbers, n => [n], mostRows), default));

        file.ShouldBe("\uFEFF" + expected.Replace("|", "\r\n") + "\r\n");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Rows_about_persons_are_written_where_the_gate_allows_it(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var people = (await shop.SeeAsync([.. Enumerable.Range(0, 5).Select(i => PeopleTest.External($"{i}"))])).Select(p => p.SubjectId).ToList();
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(people[1], Purpose.Export), default));
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(people[3], Purpose.Export), default));

        var file = await WrittenAsync(shop, (download, stream) => download.WriteGatedAsync(stream, List(people, p => [people.IndexOf(p)], 4), p => p, default));

        file.ShouldBe("\uFEFFn\r\n0\r\n2\r\n# 2 left out: objected\r\n# cut at 4 rows: file_full\r\n");
    }

    [Fact]
    public async Task A_question_that_cannot_be_answered_is_a_problem_and_not_a_file_that_breaks_off()
    {
        await using var web = await WebShop.OpenAsync();
        using var owner = await web.SignInAsync();

        using var answer = await owner.GetAsync("/console/customers.csv?country=%00");

        ((int)answer.StatusCode).ShouldBe(400);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("cannot be kept");
    }

    /// <summary>Pages of two rows; the cursor is the place of the next one.</summary>
    private static CsvList<T> List<T>(List<T> rows, Func<T, IEnumerable<object?>> cells, int mostRows) => new(["n"], cells, (after, limit) =>
    {
        var from = int.Parse(after ?? "0", CultureInfo.InvariantCulture);
        var to = Math.Min(rows.Count, from + limit);
        return Task.FromResult<(IReadOnlyList<T>, string?)>((rows[from..to], to < rows.Count ? to.ToString(CultureInfo.InvariantCulture) : null));
    }) { MostRows = mostRows, PageSize = 2 };

    private static Task<string> WrittenAsync(TestShop shop, Func<CsvDownload, Stream, Task> write) => shop.UseAsync<CsvDownload, string>(async download =>
    {
        using var stream = new MemoryStream();
        await write(download, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    });
}
