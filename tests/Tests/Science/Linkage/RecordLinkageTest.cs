using Wellmet.Science.Linkage;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Linkage;

public sealed class RecordLinkageTest
{
    private static readonly Lazy<(MadeUpHouseholds People, LinkageResult Result)> Shared = new(() => new MadeUpHouseholds(4_000) is var people ? (people, RecordLinkage.Deduplicate(people.Records)) : default);

    [Fact]
    public void Second_records_are_found_and_families_stay_apart()
    {
        var (people, result) = Shared.Value;

        var pairs = people.Compare(result.Entities(result.ThresholdFor(0.99)));

        pairs.True.ShouldBeGreaterThan(700);
        (pairs.Right / (double)pairs.Found).ShouldBeGreaterThan(0.99);
        (pairs.Right / (double)pairs.True).ShouldBeGreaterThan(0.97);
    }

    [Fact]
    public void The_weights_come_to_the_slips_that_were_made()
    {
        var (people, result) = Shared.Value;

        (1 - result.Model.SamePerson(0, Agreement.Exact)).ShouldBe(people.Slips.ChangedNames / (double)people.Slips.Copies, 0.03);
        var matches = people.Compare(new int[people.Truth.Count]).True;
        (result.Model.PriorOdds * people.Truth.Count * people.Truth.Count / 2).ShouldBe(matches, 0.06 * matches);
        // Every second person shares the address and the name of the one before.
        result.Model.LookalikeOdds[Lookalikes.Household].ShouldBeGreaterThan(result.Model.PriorOdds);
        result.Model.SharedByHousehold(1).ShouldBeGreaterThan(0.95);
        result.Model.SharedByHousehold(6).ShouldBe(0.333, 0.05, "the next one shares it half of the time, the one after that a quarter, and households end half of the time");
    }

    [Fact]
    public void Probabilities_mean_what_they_say()
    {
        var (people, result) = Shared.Value;

        var right = result.Pairs.Count(p => people.Truth[p.First] == people.Truth[p.Second]);

        result.Pairs.Sum(p => p.Probability).ShouldBe(right, 0.03 * right);
    }

    [Fact]
    public void The_bits_of_an_explanation_add_up_exactly()
    {
        var (_, result) = Shared.Value;

        foreach (var pair in result.Pairs)
        {
            var evidence = result.Model.Explain(pair.First, pair.Second);
            var sum = 0.0;
            foreach (var line in evidence.Lines)
            {
                sum += line.Bits;
            }
            sum.ShouldBe(pair.Score);
            evidence.Score.ShouldBe(pair.Score);
            evidence.Lines.Count.ShouldBe(result.Records.Fields.Count + 2);
        }
    }

    [Fact]
    public void Any_number_of_threads_finds_the_same_bit_for_bit()
    {
        var people = new MadeUpHouseholds(1_000, seed: 2);
        var (one, many) = (RecordLinkage.Deduplicate(people.Records, threads: 1), RecordLinkage.Deduplicate(people.Records, threads: 5));

        many.Pairs.ShouldBe(one.Pairs);
        many.Model.PriorOdds.ShouldBe(one.Model.PriorOdds);
        one.Pairs.ShouldNotBeEmpty();
    }

    [Fact]
    public void Two_lists_are_linked_one_to_one_unless_one_holds_people_twice()
    {
        var people = new MadeUpHouseholds(1_500, seed: 3);
        var second = Enumerable.Range(0, people.Truth.Count).Where(r => r > 0 && people.Truth[r] == people.Truth[r - 1]).ToList();
        var first = Enumerable.Range(0, people.Truth.Count).Except(second).ToList();
        int[] order = [.. first, .. second], twice = [.. first, .. second, .. second];

        var once = RecordLinkage.Link(Of(people, order), first.Count);
        var links = once.Links(once.ThresholdFor(0.99));
        var both = RecordLinkage.Link(Of(people, twice), first.Count);

        links.Select(l => l.First).ShouldBeUnique();
        links.Count(l => people.Truth[order[l.First]] == people.Truth[order[l.Second]]).ShouldBeGreaterThan((int)(0.97 * second.Count));
        both.Links(both.ThresholdFor(0.99)).Count.ShouldBeGreaterThan((int)(1.9 * second.Count));
        Should.Throw<ArgumentOutOfRangeException>(() => RecordLinkage.Link(people.Records, 0));
    }

    [Fact]
    public void Names_that_are_rare_or_in_each_others_place_tell()
    {
        var builder = new PersonRecordsBuilder([new("name", FieldKind.FullName), new("birth_date", FieldKind.BirthDate)]);
        for (var i = 0; i < 300; i++)
        {
            builder.Add([i % 3 == 0 ? "王伟" : $"李{(char)('\u4e00' + i)}", $"19{50 + (i % 50)}-0{1 + (i % 9)}-1{i % 7}"]);
        }
        int rare = builder.Add(["司马相如", "1988-01-09"]), again = builder.Add(["司马相如", "1988-01-09"]);
        int common = builder.Add(["王伟", "1999-12-01"]), twin = builder.Add(["王伟", "1999-12-01"]);
        int swapped = builder.Add(["Zoe Adler", "1971-03-04"]), back = builder.Add(["Adler Zoe", "1971-03-04"]);
        var model = RecordLinkage.Deduplicate(builder.Build()).Model;

        var (one, other) = (model.Explain(rare, again), model.Explain(common, twin));

        one.Lines[2].Bits.ShouldBeGreaterThan(other.Lines[2].Bits + 3);
        model.Explain(swapped, back).Lines.Skip(1).Take(2).Select(l => l.Agreement).ShouldBe([Agreement.Moved, Agreement.Moved]);
        model.Explain(swapped, back).Score.ShouldBeGreaterThan(model.Explain(swapped, common).Score + 20);
    }

    [Fact]
    public void Namesakes_of_one_country_are_not_one_person_for_their_names_alone()
    {
        var random = new SeededRandom(1);
        var builder = new PersonRecordsBuilder([new("name", FieldKind.FullName), new("email", FieldKind.Email), new("country", FieldKind.Region)]);
        for (var i = 0; i < 4_000; i++)
        {
            // Names of a country are few and used there alone.
            var country = random.Next(20);
            var (given, surname) = ($"g{(char)('a' + country)}{"aeiou"[random.Next(5)]}{"lmnrst"[random.Next(6)]}o", $"s{(char)('a' + country)}{"aeiou"[random.Next(5)]}{"lmnrst"[random.Next(6)]}ik");
            builder.Add([$"{given} {surname}", $"{given}.{surname}{i}@example.com", $"{(char)('a' + country)}{(char)('a' + country)}"]);
        }

        var result = RecordLinkage.Deduplicate(builder.Build());

        result.Pairs.Count(p => p.Probability > 0.5).ShouldBeLessThan(20);
        result.Model.LookalikeOdds[Lookalikes.Namesakes].ShouldBeGreaterThan(10 * result.Model.PriorOdds);
    }

    [Fact]
    public void A_chain_of_likenesses_glues_nobody_whom_the_pairs_hold_apart()
    {
        var people = new MadeUpHouseholds(1_000, seed: 5);
        var builder = new PersonRecordsBuilder(MadeUpHouseholds.Fields);
        builder.Add(["anna", "lee", "1980-01-02", "long road 1", "10001", "555010101", "lee@example.com"]);
        builder.Add(["", "lee", "", "long road 1", "10001", "555010101", "lee@example.com"]);
        builder.Add(["bert", "lee", "1951-11-30", "long road 1", "10001", "555010101", "lee@example.com"]);
        for (var record = 0; record < people.Truth.Count; record++)
        {
            builder.Add([.. Enumerable.Range(0, MadeUpHouseholds.Fields.Length).Select(f => people.Records.Value(record, f))]);
        }
        var model = RecordLinkage.Deduplicate(builder.Build()).Model;

        var entities = EntityClusters.Join(people.Truth.Count + 3, [new(0, 1, 8), new(1, 2, 7)], 1, model);

        model.Score(0, 2).ShouldBeLessThan(-5);
        (entities[0] == entities[1], entities[1] == entities[2]).ShouldBe((true, false));
    }

    [Fact]
    public void The_threshold_is_the_lowest_with_the_wished_precision()
    {
        var (people, result) = Shared.Value;
        var pairs = new[] { 10.0, 9, 4, 1, 0.5, -1 }.Select((score, i) => new ScoredPair(i, i + 10, score)).ToArray();
        var some = new LinkageResult(people.Records, result.Model, pairs, 0, 0);

        // 1/(1+2^-s): .9990, .9981, .9412, .6667, .5858; means .9990, .9985, .9794, .9012, .8382.
        some.ThresholdFor(0.99).ShouldBe(9);
        some.ThresholdFor(0.95).ShouldBe(4);
        some.ThresholdFor(0.5).ShouldBe(0.5);
        some.ThresholdFor(0.9999).ShouldBe(double.PositiveInfinity);
        Should.Throw<ArgumentOutOfRangeException>(() => some.ThresholdFor(1));
    }

    [Fact]
    public void A_key_that_thousands_share_costs_little_and_loses_nobody()
    {
        var people = new MadeUpHouseholds(5_000, seed: 4);
        var builder = new PersonRecordsBuilder([new("given_name", FieldKind.GivenName), new("surname", FieldKind.Surname), new("birth_date", FieldKind.BirthDate), new("phone", FieldKind.Phone), new("country", FieldKind.Region)]);
        for (var i = 0; i < people.Truth.Count; i++)
        {
            builder.Add([people.Records.Value(i, 0), people.Records.Value(i, 1), people.Records.Value(i, 2), "555 010 101", "GB"]);
        }
        int one = builder.Add(["Anna", "Bergström", "1977-05-06", "555 010 101", "GB"]), other = builder.Add(["Anna", "Bergström", "1977-05-06", "555 010 101", "GB"]);

        var result = RecordLinkage.Deduplicate(builder.Build());

        result.Compared.ShouldBeLessThan(people.Truth.Count * 40);
        Math.Abs(result.Model.Explain(one, other).Lines[4].Bits).ShouldBeLessThan(0.5, "a phone number that everybody has says nothing");
        result.Pairs.ShouldContain(p => p.First == one && p.Second == other && p.Probability > 0.9);
    }

    [Fact]
    public void Nobody_and_nothing_are_no_accident()
    {
        LinkageField[] fields = [new("name", FieldKind.FullName), new("email", FieldKind.Email)];
        RecordLinkage.Deduplicate(new PersonRecordsBuilder(fields).Build()).Pairs.ShouldBeEmpty();
        var builder = new PersonRecordsBuilder(fields);
        builder.Add(["Anna Berg", null]);
        builder.Add([null, ""]);
        builder.Add(["", "not an address"]);
        RecordLinkage.Deduplicate(builder.Build()).Pairs.ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => builder.Add(["one"]));
        Should.Throw<ArgumentException>(() => new PersonRecordsBuilder([]));
    }

    private static PersonRecords Of(MadeUpHouseholds people, IEnumerable<int> records)
    {
        var builder = new PersonRecordsBuilder(MadeUpHouseholds.Fields);
        foreach (var record in records)
        {
            builder.Add([.. Enumerable.Range(0, MadeUpHouseholds.Fields.Length).Select(f => people.Records.Value(record, f))]);
        }
        return builder.Build();
    }
}
