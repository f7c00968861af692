using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui.Live;

namespace Wellmet.Tests.Platform.Ui;

/// <summary>The event stream of a page: what it asked for, not too often, and only for staff.</summary>
public sealed class LiveTest
{
    /// <summary>Milliseconds after which a missing event counts as a failure.</summary>
    private const int Patience = 20_000;

    private readonly ManualClock clock = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    [Fact(Timeout = Patience)]
    public async Task A_burst_becomes_one_event_a_quarter_of_a_second()
    {
        await using var ui = await UiHost.StartAsync(clock: clock);
        using var stream = await OpenAsync(ui, "/console/stream?topic=import:1&topic=home");
        (await EventAsync(stream)).Event.ShouldBe("beat");

        Publish(ui, "import:1", times: 1000);
        (await EventAsync(stream)).ShouldBe(("changed", "import:1"));

        Publish(ui, "import:1", times: 1000);
        Publish(ui, "home", times: 1);
        var next = EventAsync(stream);
        await UntilAsync(() => clock.Waiting >= 2);
        next.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(250));
        string[] both = [(await next).Data, (await EventAsync(stream)).Data];
        both.Order().ShouldBe(["home", "import:1"]);
    }

    [Fact(Timeout = Patience)]
    public async Task Silence_is_broken_by_a_heartbeat_and_ended_after_ten_minutes()
    {
        await using var ui = await UiHost.StartAsync(clock: clock);
        using var stream = await OpenAsync(ui, "/console/stream?topic=home");
        await EventAsync(stream);

        await UntilAsync(() => clock.Waiting >= 2);
        clock.Advance(TimeSpan.FromSeconds(15));
        (await EventAsync(stream)).Event.ShouldBe("beat");

        await UntilAsync(() => clock.Waiting >= 2);
        clock.Advance(TimeSpan.FromMinutes(10));
        (await stream.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain("changed");
    }

    [Fact(Timeout = Patience)]
    public async Task A_page_hears_only_the_topics_it_asked_for()
    {
        await using var ui = await UiHost.StartAsync(clock: clock);
        using var stream = await OpenAsync(ui, "/console/stream?topic=home");
        await EventAsync(stream);

        Publish(ui, "secrets", times: 1);
        Publish(ui, "home", times: 1);

        (await EventAsync(stream)).Data.ShouldBe("home");
    }

    [Fact(Timeout = Patience)]
    public async Task A_page_on_another_node_hears_it_too()
    {
        Assert.SkipWhen(PostgresCluster.Instance is null, "PostgreSQL 15 is not installed (apt-get install postgresql-15).");
        var database = PostgresCluster.Instance!.CreateDatabase();
        await using var here = await UiHost.StartAsync(postgres: database);
        await using var there = await UiHost.StartAsync(postgres: database);
        using var stream = await OpenAsync(there, "/console/stream?topic=import:1");
        await EventAsync(stream);

        var next = EventAsync(stream);
        // The other node may still be about to listen.
        while (!next.IsCompleted)
        {
            Publish(here, "import:1", times: 1);
            await Task.WhenAny(next, Task.Delay(50, TestContext.Current.CancellationToken));
        }

        (await next).ShouldBe(("changed", "import:1"));
    }

    [Fact(Timeout = Patience)]
    public async Task What_changed_while_the_page_was_under_way_is_told_at_once()
    {
        await using var ui = await UiHost.StartAsync(clock: clock);
        Publish(ui, "home", times: 1);
        var page = ui.Services.GetRequiredService<LiveTopics>().Moment;
        Publish(ui, "import:1", times: 1);

        using var stream = await OpenAsync(ui, "/console/stream?topic=import:1&topic=home&since=" + page);
        (await EventAsync(stream)).ShouldBe(("changed", "import:1"));
        var (name, after) = await EventAsync(stream);
        name.ShouldBe("beat");

        using var again = await OpenAsync(ui, "/console/stream?topic=import:1&topic=home&since=" + after);
        (await EventAsync(again)).ShouldBe(("beat", after));
    }

    [Theory(Timeout = Patience)]
    [InlineData("0123.7")]
    [InlineData("nonsense")]
    public async Task A_page_of_another_node_or_of_before_a_restart_loads_everything(string since)
    {
        await using var ui = await UiHost.StartAsync(clock: clock);

        using var stream = await OpenAsync(ui, "/console/stream?topic=home&since=" + since);

        (await EventAsync(stream)).ShouldBe(("changed", "home"));
    }

    [Fact(Timeout = Patience)]
    public async Task More_topics_than_are_remembered_are_all_taken_for_changed()
    {
        await using var ui = await UiHost.StartAsync(clock: clock);
        var live = ui.Services.GetRequiredService<LiveTopics>();
        var page = live.Moment;
        for (var i = 0; i < 5_000; i++)
        {
            live.Publish($"import:{i}");
        }

        using var stream = await OpenAsync(ui, "/console/stream?topic=import:1&since=" + page);

        (await EventAsync(stream)).ShouldBe(("changed", "import:1"));
    }

    [Theory(Timeout = Patience)]
    [InlineData("/console/stream")]
    [InlineData("/console/stream?topic=")]
    public async Task A_stream_needs_topics(string path)
    {
        await using var ui = await UiHost.StartAsync();

        await Should.ThrowAsync<Wellmet.Platform.ProblemException>(() => ui.Client.GetAsync(path));
    }

    [Fact(Timeout = Patience)]
    public async Task Nobody_else_than_staff_may_listen()
    {
        await using var ui = await UiHost.StartAsync(Actor.Anonymous);

        (await ui.Client.GetAsync("/console/stream?topic=home")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static void Publish(UiHost ui, string topic, int times)
    {
        for (var i = 0; i < times; i++)
        {
            ui.Services.GetRequiredService<LiveTopics>().Publish(topic);
        }
    }

    private static async Task<StreamReader> OpenAsync(UiHost ui, string path)
    {
        var answer = await ui.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    private static async Task<(string Event, string Data)> EventAsync(StreamReader stream)
    {
        var (name, data) = ("", "");
        while (await stream.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line[6..];
            }
        }
        return (name, data);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
