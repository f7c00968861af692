using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Platform.Experiments;

public sealed class ExperimentsTest
{
    private const string Area = "test.area";
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Somebody = Guid.Parse("0199d5a0-0000-7000-8000-000000000001");

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_draft_shows_nothing_a_running_one_divides_and_a_decided_one_shows_its_winner(Engine engine)
    {
        var (shop, clock) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiment = await CreateAsync(shop);
        (await AssignAsync(shop, Somebody)).ShouldBeNull();

        // The audit log is read by time: at one moment either could come first.
        clock.Advance(TimeSpan.FromSeconds(1));
        await shop.UseAsync<StartExperiment>(u => u.RunAsync(experiment.Id, CancellationToken.None));
        var units = Enumerable.Range(0, 400).Select(_ => Id.New()).ToList();
        var first = new List<AssignedVariant?>();
        foreach (var unit in units)
        {
            first.Add(await AssignAsync(shop, unit));
            (await AssignAsync(shop, unit)).ShouldBe(first[^1]);
        }
        first.Count(a => a!.Name == "control").ShouldBeInRange(150, 250);
        first.ShouldAllBe(a => a!.Counts && a.ExperimentId == experiment.Id);
        first.First(a => a!.Name == "new")!.Settings["order"].ShouldBe("trend");
        (await shop.Get<IExperiments>().AssignAsync("elsewhere", [Somebody], CancellationToken.None)).ShouldBeNull();

        clock.Advance(TimeSpan.FromDays(1));
        await shop.UseAsync<StopExperiment>(u => u.RunAsync(new(experiment.Id, "clear"), CancellationToken.None));
        (await AssignAsync(shop, Somebody)).ShouldBeNull();
        clock.Advance(TimeSpan.FromMinutes(1));
        await shop.UseAsync<ChooseWinner>(u => u.RunAsync(new(experiment.Id, "new"), CancellationToken.None));
        (await AssignAsync(shop, Somebody)).ShouldNotBeNull().ShouldSatisfyAllConditions(a => a.Name.ShouldBe("new"), a => a.Counts.ShouldBeFalse());
        var listed = (await shop.UseAsync<ListExperiments, IReadOnlyList<Experiment>>(u => u.RunAsync(CancellationToken.None))).ShouldHaveSingleItem();
        (listed.State, listed.Winner, listed.StartedAt, listed.StoppedAt).ShouldBe((ExperimentState.Stopped, "new", Start.AddSeconds(1), Start.AddSeconds(1).AddDays(1)));
        (await AuditAsync(shop)).ShouldBe(["experiment.created", "experiment.started", "experiment.stopped", "experiment.decided"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_said_twice_counts_once(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiment = await RunningAsync(shop);
        var assigned = (await AssignAsync(shop, Somebody))!;
        var order = Id.New();
        for (var i = 0; i < 2; i++)
        {
            await ExposeAsync(shop, new Exposure(assigned, Start, 100), new Exposure(assigned, Start.AddHours(2), 7), new Exposure(assigned, Start.AddDays(1)));
            await RecordAsync(shop, new Outcome(Somebody, ExperimentMetric.Clicks, order, Start.AddHours(3)), new Outcome(Somebody, ExperimentMetric.Clicks, Id.New(), Start.AddHours(3)),
                new Outcome(Somebody, ExperimentMetric.Conversions, order, Start.AddHours(4), 2000), new Outcome(Somebody, ExperimentMetric.Revenue, order, Start.AddDays(1), -500));
        }
        // Before the first exposure, of somebody who was not shown anything, of another area: none counts.
        await RecordAsync(shop, new Outcome(Somebody, ExperimentMetric.Conversions, Id.New(), Start.AddHours(-1), 9000), new Outcome(Id.New(), ExperimentMetric.Conversions, Id.New(), Start, 9000),
            new Outcome(Somebody, ExperimentMetric.Conversions, Id.New(), Start.AddHours(5), 9000, "elsewhere"));

        var results = await ResultsAsync(shop, experiment.Id);
        results.Variants[assigned.Variant].ShouldBe(new VariantCounts(assigned.Name, 1, 2, 1, 1, 1500));
        results.Variants[1 - assigned.Variant].Units.ShouldBe(0);
        var sums = await shop.Database.ReadAsync(s => s.FirstAsync("select sum(revenue_squares), sum(covariate), sum(covariate_squares), sum(products) from experiment_days", null,
            r => (r.Double(0), r.Double(1), r.Double(2), r.Double(3)), CancellationToken.None), CancellationToken.None);
        sums.ShouldBe((1500.0 * 1500, 100, 10_000, 150_000));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_becomes_known_goes_on_as_who_they_were(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        await RunningAsync(shop);
        for (var i = 0; i < 10; i++)
        {
            var (visitor, customer) = (Id.New(), Id.New());
            var before = (await AssignAsync(shop, visitor))!;
            (before.UnitId, before.Counts).ShouldBe((visitor, true));
            (await shop.Get<IExperiments>().AssignAsync(Area, [customer, visitor], CancellationToken.None))!.UnitId.ShouldBe(customer, "as whom nobody was shown anything yet");
            await ExposeAsync(shop, new Exposure(before, Start));
            (await shop.Get<IExperiments>().AssignAsync(Area, [customer, visitor], CancellationToken.None)).ShouldBe(before);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_takes_part_goes_on_where_the_share_does_not_reach_who_they_became(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        await RunningAsync(shop, Plan() with { UntilPercent = 30 });
        for (var i = 0; i < 40; i++)
        {
            var (visitor, customer) = (Id.New(), Id.New());
            if (await AssignAsync(shop, visitor) is { } before)
            {
                await ExposeAsync(shop, new Exposure(before, Start));
                (await shop.Get<IExperiments>().AssignAsync(Area, [customer, visitor], CancellationToken.None)).ShouldBe(before);
            }
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_refund_counts_where_its_order_did(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiment = await RunningAsync(shop);
        var assigned = (await AssignAsync(shop, Somebody))!;
        var (order, before) = (Id.New(), Id.New());
        await ExposeAsync(shop, new Exposure(assigned, Start));
        await RecordAsync(shop, new Outcome(Somebody, ExperimentMetric.Conversions, before, Start.AddDays(-1), 5000), new Outcome(Somebody, ExperimentMetric.Conversions, order, Start.AddHours(1), 2000),
            new Outcome(Somebody, ExperimentMetric.Revenue, Id.New(), Start.AddHours(2), -5000) { ConversionId = before }, new Outcome(Somebody, ExperimentMetric.Revenue, Id.New(), Start.AddHours(2), -700) { ConversionId = order });

        (await ResultsAsync(shop, experiment.Id)).Variants[assigned.Variant].ShouldBe(new VariantCounts(assigned.Name, 1, 1, 0, 1, 1300));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Of_a_mixed_list_each_unit_counts_for_the_variant_it_chose_more_of_day_by_day(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiment = await RunningAsync(shop, Plan() with { Design = ExperimentDesign.Interleaved, Metric = ExperimentMetric.Clicks, Guardrails = [] });
        var assigned = (await AssignAsync(shop, Somebody))!;
        assigned.Mixed!.Select(v => v.Name).ShouldBe(["control", "new"]);
        await ExposeAsync(shop, new Exposure(assigned with { Variant = 1 }, Start));
        var product = Id.New();
        await RecordAsync(shop, Choice(product, 0, 1), Choice(product, 1, 2), Choice(Id.New(), null, 3));
        (await ChoicesAsync()).Score.ShouldBe(new(1, 0, 0), "the first time counts, and what nobody gave does not");
        await RecordAsync(shop, Choice(Id.New(), 1, 25));
        (await ChoicesAsync()).Score.ShouldBe(new(0, 0, 1));
        await RecordAsync(shop, Choice(Id.New(), 1, 49), Choice(Id.New(), 1, 50));

        var choices = await ChoicesAsync();
        choices.Score.ShouldBe(new(0, 1, 0));
        choices.Days.Select(d => d.Share).ShouldBe([0, 0.5, 1]);
        (await shop.Get<IExperiments>().ChoicesAsync(experiment.Id, [Somebody], CancellationToken.None)).Select(c => c.Variant).ShouldBe([0, 1, 1, 1]);

        async Task<Preference> ChoicesAsync() => (await ResultsAsync(shop, experiment.Id)).Choices!;

        static Outcome Choice(Guid product, int? variant, int hours) => new(Somebody, ExperimentMetric.Clicks, product, Start.AddHours(hours)) { Variant = variant };
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_gave_a_choice_counts_when_it_is_told_and_what_is_chosen_on_another_day_is_remembered_too(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiment = await RunningAsync(shop, Plan() with { Design = ExperimentDesign.Interleaved, Metric = ExperimentMetric.Clicks, Guardrails = [] });
        await ExposeAsync(shop, new Exposure((await AssignAsync(shop, Somebody))! with { Variant = 1 }, Start));
        var product = Id.New();

        await RecordAsync(shop, Choice(null, 1));
        (await ResultsAsync(shop, experiment.Id)).Choices!.Score.ShouldBe(new(0, 0, 1));
        await RecordAsync(shop, Choice(1, 2));
        await RecordAsync(shop, Choice(0, 3), Choice(0, 30), Choice(1, 31));

        var results = await ResultsAsync(shop, experiment.Id);
        results.Choices!.Score.ShouldBe(new(0, 1, 0), "each thing moves a person once");
        results.Variants.Sum(v => v.Clicked).ShouldBe(1);
        (await shop.Get<IExperiments>().ChoicesAsync(experiment.Id, [Somebody], CancellationToken.None)).ShouldBe([new(Somebody, product, 1, Start.AddHours(2)), new(Somebody, product, 0, Start.AddHours(30))]);
        foreach (var held in shop.Get<IEnumerable<IPersonalData>>())
        {
            await shop.Database.WriteAsync(tx => held.EraseAsync([Somebody], tx, CancellationToken.None), CancellationToken.None);
        }
        (await shop.Get<IExperiments>().ChoicesAsync(experiment.Id, [Somebody], CancellationToken.None)).ShouldBeEmpty();

        Outcome Choice(int? variant, int hours) => new(Somebody, ExperimentMetric.Clicks, product, Start.AddHours(hours)) { Variant = variant };
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_broken_guardrail_stops_what_runs_and_a_sound_one_does_not(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiment = await RunningAsync(shop, Plan() with { Guardrails = [new(ExperimentMetric.Conversions, 0.1)] });
        // All of the control order, a third of the others: first of few, of whom nothing is sure.
        await FillAsync(30);
        (await shop.UseAsync<StopBroken, int>(s => s.RunAsync(CancellationToken.None))).ShouldBe(0);
        await FillAsync(600);
        (await shop.UseAsync<StopBroken, int>(s => s.RunAsync(CancellationToken.None))).ShouldBe(1);
        (await shop.UseAsync<StopBroken, int>(s => s.RunAsync(CancellationToken.None))).ShouldBe(0);
        (await ResultsAsync(shop, experiment.Id)).Experiment.State.ShouldBe(ExperimentState.Stopped);

        async Task FillAsync(int units)
        {
            for (var i = 0; i < units; i++)
            {
                var unit = Id.New();
                var assigned = (await AssignAsync(shop, unit))!;
                await ExposeAsync(shop, new Exposure(assigned, Start));
                if (i % 3 == 0 || assigned.Variant == 0)
                {
                    await RecordAsync(shop, new Outcome(unit, ExperimentMetric.Conversions, unit, Start, 1000));
                }
            }
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Outcomes_are_waited_for_while_one_runs_and_a_month_after(Engine engine)
    {
        var (shop, clock) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiments = shop.Get<IExperiments>();
        (await experiments.CountsAsync(CancellationToken.None)).ShouldBeFalse();
        var experiment = await RunningAsync(shop);
        (await experiments.CountsAsync(CancellationToken.None)).ShouldBeTrue();
        await shop.UseAsync<StopExperiment>(u => u.RunAsync(new(experiment.Id, null), CancellationToken.None));
        clock.Advance(TimeSpan.FromDays(29));
        (await experiments.CountsAsync(CancellationToken.None)).ShouldBeTrue();
        clock.Advance(TimeSpan.FromDays(2));
        (await experiments.CountsAsync(CancellationToken.None)).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_comes_after_the_end_does_not_count(Engine engine)
    {
        var (shop, clock) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiment = await RunningAsync(shop);
        var assigned = (await AssignAsync(shop, Somebody))!;
        await ExposeAsync(shop, new Exposure(assigned, Start));
        clock.Advance(TimeSpan.FromDays(1));
        await shop.UseAsync<StopExperiment>(u => u.RunAsync(new(experiment.Id, null), CancellationToken.None));

        await RecordAsync(shop, new Outcome(Somebody, ExperimentMetric.Conversions, Id.New(), Start.AddHours(1), 100), new Outcome(Somebody, ExperimentMetric.Conversions, Id.New(), Start.AddDays(2), 10_000));
        await ExposeAsync(shop, new Exposure(assigned, Start.AddDays(2)), new Exposure(assigned with { UnitId = Id.New() }, Start.AddDays(2)));

        (await ResultsAsync(shop, experiment.Id)).Variants[assigned.Variant].ShouldBe(new VariantCounts(assigned.Name, 1, 1, 0, 1, 100));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Twenty_at_once_are_all_counted(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiment = await RunningAsync(shop);
        var units = Enumerable.Range(0, 20).Select(_ => Id.New()).ToList();

        await Task.WhenAll(units.Select(async unit =>
        {
            var assigned = (await AssignAsync(shop, unit))!;
            await ExposeAsync(shop, new Exposure(assigned, Start), new Exposure((await AssignAsync(shop, Somebody))!, Start));
            await RecordAsync(shop, [.. units.Select(u => new Outcome(u, ExperimentMetric.Clicks, unit, Start))]);
        }));
        await RecordAsync(shop, [.. units.Select(u => new Outcome(u, ExperimentMetric.Clicks, u, Start))]);

        var results = await ResultsAsync(shop, experiment.Id);
        results.Variants.Sum(v => v.Units).ShouldBe(21);
        results.Variants.Sum(v => v.Exposures).ShouldBe(21);
        results.Variants.Sum(v => v.Clicked).ShouldBe(20);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Experiments_on_the_same_people_are_refused_and_on_other_parts_exclude_each_other(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var first = await RunningAsync(shop, Plan() with { UntilPercent = 50 });
        var overlapping = await CreateAsync(shop, Plan() with { FromPercent = 40, UntilPercent = 60 });
        (await RefusedAsync(() => shop.UseAsync<StartExperiment>(u => u.RunAsync(overlapping.Id, CancellationToken.None)))).ShouldBe("experiment_overlap");
        var second = await RunningAsync(shop, Plan() with { FromPercent = 50 });

        var ids = new List<Guid>();
        for (var i = 0; i < 200; i++)
        {
            ids.Add((await AssignAsync(shop, Id.New()))!.ExperimentId);
        }
        ids.Count(id => id == first.Id).ShouldBeInRange(60, 140);
        ids.ShouldAllBe(id => id == first.Id || id == second.Id);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Started_on_one_node_it_runs_on_another_within_five_seconds(Engine engine)
    {
        var clock = new ManualClock(Start);
        var storage = TestShop.NewStorage(engine);
        await using var here = await TestShop.OpenAsync(engine, workers: false, storage: storage, configure: s => s.AddSingleton<TimeProvider>(clock));
        await using var there = await TestShop.OpenAsync(engine, workers: false, storage: storage, configure: s => s.AddSingleton<TimeProvider>(clock));
        (await AssignAsync(there, Somebody)).ShouldBeNull();
        await RunningAsync(here);

        (await AssignAsync(there, Somebody)).ShouldBeNull("held in memory");
        clock.Advance(TimeSpan.FromSeconds(5));
        var (onOne, onOther) = ((await AssignAsync(here, Somebody))!, (await AssignAsync(there, Somebody))!);
        (onOther.ExperimentId, onOther.Variant, onOther.Name).ShouldBe((onOne.ExperimentId, onOne.Variant, onOne.Name), "the same on each node");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_erased_person_is_forgotten_and_the_sums_stay(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var experiment = await RunningAsync(shop);
        await ExposeAsync(shop, new Exposure((await AssignAsync(shop, Somebody))!, Start));
        await RecordAsync(shop, new Outcome(Somebody, ExperimentMetric.Clicks, Id.New(), Start));

        await shop.UseAsync<IEnumerable<IPersonalData>>(async all =>
        {
            var holder = all.OfType<ExperimentPersonalData>().Single();
            (await holder.ExportAsync([Somebody], CancellationToken.None)).ShouldHaveSingleItem().Fields["clicks"].ShouldBe("1");
            await shop.Database.WriteAsync(tx => holder.EraseAsync([Somebody], tx, CancellationToken.None), CancellationToken.None);
            (await holder.ExportAsync([Somebody], CancellationToken.None)).ShouldBeEmpty();
        });
        (await shop.Database.ReadAsync(s => s.CountAsync("select (select count(*) from experiment_units) + (select count(*) from experiment_outcomes)"), CancellationToken.None)).ShouldBe(0);
        (await ResultsAsync(shop, experiment.Id)).Variants.Sum(v => v.Clicked).ShouldBe(1);
    }

    [Fact]
    public async Task Only_those_who_may_do_and_see()
    {
        var (shop, _) = await OpenAsync(Engine.Sqlite);
        await using var _1 = shop;
        var experiment = await CreateAsync(shop);
        var reader = new Actor(null, "reader", null, p => p == ExperimentPermissions.Read);

        await shop.UseAsync<ReadExperiment>(u => u.RunAsync(experiment.Id, CancellationToken.None), reader);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<CreateExperiment>(u => u.RunAsync(Plan(), CancellationToken.None), reader));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<StartExperiment>(u => u.RunAsync(experiment.Id, CancellationToken.None), reader));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<StopExperiment>(u => u.RunAsync(new(experiment.Id, null), CancellationToken.None), reader));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ChooseWinner>(u => u.RunAsync(new(experiment.Id, "new"), CancellationToken.None), reader));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ReadExperiment>(u => u.RunAsync(experiment.Id, CancellationToken.None), Actor.Anonymous));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ListExperiments>(u => u.RunAsync(CancellationToken.None), Actor.Anonymous));
    }

    [Fact]
    public async Task A_plan_that_cannot_be_is_refused_and_states_go_one_way()
    {
        var (shop, _) = await OpenAsync(Engine.Sqlite);
        await using var _1 = shop;
        foreach (var (plan, code) in new[]
        {
            (Plan() with { Name = " " }, "name_invalid"), (Plan() with { Area = "" }, "area_missing"), (Plan() with { Variants = [Plan().Variants[0]] }, "variants_invalid"),
            (Plan() with { Variants = [Plan().Variants[0], Plan().Variants[0]] }, "variants_invalid"), (Plan() with { MinEffect = 0 }, "effect_invalid"),
            (Plan() with { FromPercent = 50, UntilPercent = 50 }, "part_invalid"), (Plan() with { Guardrails = [new(ExperimentMetric.Clicks, 1)] }, "guardrail_invalid"),
        })
        {
            (await RefusedAsync(() => CreateAsync(shop, plan))).ShouldBe(code);
        }
        var experiment = await CreateAsync(shop);
        (await RefusedAsync(() => shop.UseAsync<StopExperiment>(u => u.RunAsync(new(experiment.Id, null), CancellationToken.None)))).ShouldBe("experiment_state");
        (await RefusedAsync(() => shop.UseAsync<ChooseWinner>(u => u.RunAsync(new(experiment.Id, "new"), CancellationToken.None)))).ShouldBe("experiment_state");
        await shop.UseAsync<StartExperiment>(u => u.RunAsync(experiment.Id, CancellationToken.None));
        (await RefusedAsync(() => shop.UseAsync<StartExperiment>(u => u.RunAsync(experiment.Id, CancellationToken.None)))).ShouldBe("experiment_state");
        await shop.UseAsync<StopExperiment>(u => u.RunAsync(new(experiment.Id, null), CancellationToken.None));
        (await RefusedAsync(() => shop.UseAsync<ChooseWinner>(u => u.RunAsync(new(experiment.Id, "x"), CancellationToken.None)))).ShouldBe("variant_unknown");
        (await RefusedAsync(() => shop.UseAsync<ReadExperiment>(u => u.RunAsync(Id.New(), CancellationToken.None)))).ShouldBe("experiment_unknown");
    }

    private static ExperimentPlan Plan() => new("Order of the list", Area, ExperimentMetric.Conversions,
        [new("control", 1, new Dictionary<string, string>()), new("new", 1, new Dictionary<string, string> { ["order"] = "trend" })], [new(ExperimentMetric.Revenue, 0.05)]);

    private static async Task<(TestShop Shop, ManualClock Clock)> OpenAsync(Engine engine)
    {
        var clock = new ManualClock(Start);
        return (await TestShop.OpenAsync(engine, workers: false, configure: s => s.AddSingleton<TimeProvider>(clock)), clock);
    }

    private static Task<Experiment> CreateAsync(TestShop shop, ExperimentPlan? plan = null) => shop.UseAsync<CreateExperiment, Experiment>(u => u.RunAsync(plan ?? Plan(), CancellationToken.None));

    private static async Task<Experiment> RunningAsync(TestShop shop, ExperimentPlan? plan = null)
    {
        var experiment = await CreateAsync(shop, plan);
        await shop.UseAsync<StartExperiment>(u => u.RunAsync(experiment.Id, CancellationToken.None));
        return experiment;
    }

    private static async Task<AssignedVariant?> AssignAsync(TestShop shop, Guid unit) => await shop.Get<IExperiments>().AssignAsync(Area, [unit], CancellationToken.None);

    private static Task ExposeAsync(TestShop shop, params Exposure[] exposures) => shop.Get<IExperiments>().RecordExposuresAsync(exposures, CancellationToken.None);

    private static Task RecordAsync(TestShop shop, params Outcome[] outcomes) =>
        shop.Database.WriteAsync(tx => shop.Get<IExperiments>().RecordOutcomesAsync(tx, outcomes, CancellationToken.None), CancellationToken.None);

    private static Task<ExperimentResults> ResultsAsync(TestShop shop, Guid id) => shop.UseAsync<ReadExperiment, ExperimentResults>(u => u.RunAsync(id, CancellationToken.None));

    private static async Task<string> RefusedAsync(Func<Task> act) => (await Should.ThrowAsync<ProblemException>(act)).Code;

    private static Task<List<string>> AuditAsync(TestShop shop) =>
        shop.Database.ReadAsync(s => s.QueryAsync("select action from audit_entries where action like 'experiment.%' order by at, id", null, r => r.Text(0), CancellationToken.None), CancellationToken.None);
}
