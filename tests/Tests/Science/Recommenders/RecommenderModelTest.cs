using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class RecommenderModelTest
{
    private static readonly Interactions Shop = new GeneratedShop(11, users: 400, items: 150).Interactions;

    [Fact]
    public void One_thread_and_two_give_the_same_model_bit_for_bit()
    {
        var one = Saved(RecommenderModel.Train(Shop, null, new TrainingRun(Threads: 1)));
        var two = Saved(RecommenderModel.Train(Shop, null, new TrainingRun(Threads: 2)));

        two.ShouldBe(one);
    }

    [Fact]
    public void A_saved_model_is_loaded_as_it_was_and_the_stream_stands_behind_it()
    {
        var model = RecommenderModel.Train(Shop);
        using var stream = new MemoryStream([.. Saved(model), 42]);

        var loaded = RecommenderModel.Load(stream);

        Saved(loaded).ShouldBe(Saved(model));
        loaded.TrainedOn.ShouldBe(new TrainingData(400, 1200, Shop.Users.Count, Shop.EarliestTime, Shop.LatestTime));
        loaded.AlsoBought.Of(3).ToArray().ShouldBe(model.AlsoBought.Of(3).ToArray());
        stream.ReadByte().ShouldBe(42);
    }

    [Fact]
    public void Training_tells_of_every_item_in_every_pass()
    {
        var finished = 0;

        RecommenderModel.Train(Shop, null, new TrainingRun { Finished = items => Interlocked.Add(ref finished, items) });

        finished.ShouldBe(Shop.ItemCount * RecommenderModel.Passes);
    }

    [Fact]
    public void A_shop_without_any_sale_has_a_model()
    {
        var model = RecommenderModel.Train(InteractionsBuilder.Build([], 0, 0));

        RecommenderModel.Load(new MemoryStream(Saved(model))).ItemCount.ShouldBe(0);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        var file = Saved(RecommenderModel.Train(new GeneratedShop(1, users: 20, items: 10).Interactions));

        for (var length = 0; length < file.Length; length++)
        {
            Should.Throw<ModelFileException>(() => RecommenderModel.Load(new MemoryStream(file, 0, length))).Message.ShouldContain("cut short");
        }
    }

    [Fact]
    public void A_file_with_one_damaged_byte_anywhere_is_refused()
    {
        var file = Saved(RecommenderModel.Train(new GeneratedShop(1, users: 20, items: 10).Interactions));

        for (var at = 0; at < file.Length; at++)
        {
            file[at] ^= 0x80;
            Should.Throw<ModelFileException>(() => RecommenderModel.Load(new MemoryStream(file)));
            file[at] ^= 0x80;
        }
    }

    [Fact]
    public void Another_kind_of_file_and_another_version_are_named_as_such()
    {
        var file = Saved(RecommenderModel.Train(new GeneratedShop(1, users: 20, items: 10).Interactions));
        file[8]++;

        Should.Throw<ModelFileException>(() => RecommenderModel.Load(new MemoryStream(file))).Message.ShouldContain("version 3");
        Should.Throw<ModelFileException>(() => RecommenderModel.Load(new MemoryStream(new byte[100]))).Message.ShouldContain("not a recommender model");
    }

    private static byte[] Saved(RecommenderModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
