using Wellmet.Science.Experiments;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Experiments;

public sealed class TeamDraftTest
{
    [Fact]
    public void Each_item_comes_once_in_the_order_of_its_ranking_and_teams_are_as_large()
    {
        var random = new SeededRandom(1);
        for (var run = 0; run < 200; run++)
        {
            var mixed = TeamDraft.Mix([1, 2, 3, 4, 5, 6], [4, 1, 7, 8, 2, 9], 6, random);

            mixed.Select(d => d.Item).Distinct().Count().ShouldBe(6);
            mixed.Count(d => d.Team == Team.A).ShouldBe(3);
            mixed.Where(d => d.Team == Team.A).Select(d => d.Item).ShouldBeInOrder();
            mixed[0].Item.ShouldBe(mixed[0].Team == Team.A ? 1 : 4);
        }
    }

    [Fact]
    public void A_short_ranking_leaves_the_rest_to_the_other()
    {
        TeamDraft.Mix([1, 2], [1, 3, 4, 5], 10, new SeededRandom(1)).Select(d => d.Item).Order().ShouldBe([1, 2, 3, 4, 5]);
        TeamDraft.Mix([1, 2], [1, 3, 4, 5], 10, new SeededRandom(1)).Count(d => d.Team == Team.Neither).ShouldBeInRange(1, 3, "what one alone had left");
        TeamDraft.Mix([1], [1], 10, new SeededRandom(1)).ShouldBe([new(1, Team.Neither)], "both have it, and one of them alone can give it");
        TeamDraft.Mix([1, 2], [], 10, new SeededRandom(1)).ShouldAllBe(d => d.Team == Team.Neither);
        TeamDraft.Mix<int>([], [], 10, new SeededRandom(1)).ShouldBeEmpty();
        TeamDraft.Mix([1], [2], 1, new SeededRandom(1)).Count.ShouldBe(1);
    }

    [Fact]
    public void Clicks_that_know_nothing_of_the_rankings_prefer_neither_and_alarm_seldom()
    {
        var random = new SeededRandom(2);
        var (preference, alarms) = (0.0, 0);
        const int runs = 400;
        for (var run = 0; run < runs; run++)
        {
            var (score, alarmed) = (new InterleavingScore(), false);
            for (var visit = 0; visit < 400; visit++)
            {
                // People click by place, whatever stands there.
                score = Visit(score, random, [1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1], (_, place) => 0.4 / (place + 1));
                alarmed |= score.AlwaysValidPValue < 0.05;
            }
            preference += score.PreferenceForB / runs;
            alarms += alarmed ? 1 : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine("Preference {0:0.0000}, alarms {1} of {2}", preference, alarms, runs);

        preference.ShouldBe(0, 0.003);
        alarms.ShouldBeLessThanOrEqualTo(33, "5 % of 400 and three standard errors");
    }

    [Fact]
    public void People_who_come_back_with_tastes_of_their_own_alarm_seldom_when_people_are_counted()
    {
        var random = new SeededRandom(5);
        var (alarms, ofLists) = (0, 0);
        const int runs = 200, people = 60, days = 20;
        for (var run = 0; run < runs; run++)
        {
            // Half like one ranking and half the other, each much: their lists are no coins, they themselves are.
            var likes = Enumerable.Range(0, people).Select(_ => random.Next(2)).ToArray();
            var (leads, lists) = (new int[people], new InterleavingScore());
            var (alarmed, listsAlarmed) = (false, false);
            for (var day = 0; day < days; day++)
            {
                for (var person = 0; person < people; person++)
                {
                    var step = random.NextDouble() < 0.3 ? (random.NextDouble() < 0.9 ? 1 : -1) * (likes[person] == 0 ? -1 : 1) : 0;
                    leads[person] += step;
                    lists = lists.Add(step < 0 ? 1 : 0, step > 0 ? 1 : 0);
                }
                var score = new InterleavingScore(leads.Count(l => l < 0), leads.Count(l => l > 0), leads.Count(l => l == 0));
                alarmed |= score.AlwaysValidPValue < 0.05;
                listsAlarmed |= lists.AlwaysValidPValue < 0.05;
            }
            alarms += alarmed ? 1 : 0;
            ofLists += listsAlarmed ? 1 : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine("Alarms {0} of {1}; {2} where lists are counted", alarms, runs, ofLists);

        alarms.ShouldBeLessThanOrEqualTo(19, "5 % of 200 and three standard errors");
        ofLists.ShouldBeGreaterThan(19, "else there were no need to count people");
    }

    [Fact]
    public void The_better_ranking_wins()
    {
        var random = new SeededRandom(3);
        var score = new InterleavingScore();
        for (var visit = 0; visit < 600; visit++)
        {
            score = Visit(score, random, [8, 7, 6, 5, 4, 3, 2, 1], [1, 2, 3, 4, 5, 6, 7, 8], (item, place) => (item <= 3 ? 0.5 : 0.1) / Math.Sqrt(place + 1));
            score.AlwaysValidShareOfB.Holds(0.5).ShouldBe(score.AlwaysValidPValue >= 0.05, "the range and the test are one");
        }

        score.PreferenceForB.ShouldBeGreaterThan(0.1);
        score.PValue.ShouldBeLessThan(0.001);
        score.AlwaysValidPValue.ShouldBeLessThan(0.01);
        score.AlwaysValidShareOfB.Low.ShouldBeGreaterThan(0.5);
        (score.WinsA + score.WinsB + score.Ties).ShouldBe(600);
    }

    private static InterleavingScore Visit(InterleavingScore score, SeededRandom random, int[] a, int[] b, Func<int, int, double> clicks)
    {
        var mixed = TeamDraft.Mix(a, b, 6, random);
        var teams = mixed.Where((d, place) => random.NextDouble() < clicks(d.Item, place)).Select(d => d.Team).ToList();
        return score.Add(teams.Count(t => t == Team.A), teams.Count(t => t == Team.B));
    }
}
