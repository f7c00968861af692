using System.Net;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Health;

public sealed class HealthTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_failed_storage_is_live_and_not_ready(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        using var anybody = shop.Anonymous();
        (await anybody.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await anybody.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);

        shop.Get<StorageHealth>().Fail("test");

        (await anybody.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var ready = await anybody.GetAsync("/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync()).ShouldBe("""{"status":"not_ready","reason":"storage_failed"}""");
    }
}
