using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access;

/// <summary>
/// Every route of the real server, asked by every role, with every scope, by nobody, with sessions and keys that have ended: the answer is what the
/// route says of itself. New routes are covered as soon as they are mapped.
/// </summary>
public sealed class AccessMatrixTest
{
    private static readonly Permission Undeclared = new("nobody.declared_this"), ReadOrders = new("orders.read");

    [Fact]
    public async Task Every_route_answers_every_role_and_scope_as_it_says()
    {
        // The collection, and what else takes keys, in the case that no module had such a route.
        await using var shop = await WebShop.OpenAsync(routes: app =>
        {
            app.MapPost("/of-keys", () => "ok").RequireKey(ReadOrders);
            app.MapPost("/of-both", () => "ok").RequirePermission(ReadOrders).AcceptKeys();
            app.MapPost("/of-bodies", (CurrentKey key, CancellationToken ct) => key.EnterAsync(null, ct)).RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody();
        });
        var matrix = new AccessMatrix(shop);
        await matrix.WalkAsync();

        matrix.Breaches.ShouldBeEmpty();
        matrix.Cells.ShouldBeGreaterThan(1000);
        Print(matrix, "routes × methods × askers");
    }

    [Fact]
    public async Task Other_methods_are_no_way_around()
    {
        await using var shop = await WebShop.OpenAsync();
        var matrix = new AccessMatrix(shop);
        await matrix.WalkOtherMethodsAsync();

        matrix.Breaches.ShouldBeEmpty();
        matrix.Cells.ShouldBeGreaterThan(1000);
        Print(matrix, "addresses × methods that they do not take × askers");
    }

    [Fact]
    public async Task A_route_that_says_nothing_is_found_and_is_closed()
    {
        await using var shop = await WebShop.OpenAsync(routes: app => app.MapGet("/forgotten", () => "secret"));

        (await BreachesAsync(shop, "/forgotten")).ShouldHaveSingleItem().ShouldContain("says nothing");
        using var owner = await shop.SignInAsync();
        (await owner.GetAsync("/forgotten")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_route_whose_use_case_disagrees_or_whose_permission_nobody_declared_is_found()
    {
        await using var shop = await WebShop.OpenAsync(routes: app =>
        {
            app.MapGet("/disagrees", (CurrentActor actor) => actor.Demand(AccessPermissions.ManageStaff)).RequirePermission(AccessPermissions.ReadStaff);
            app.MapGet("/undeclared", () => "ok").RequirePermission(Undeclared);
            app.MapPost("/late", [AllowAnonymous] async (Database database) =>
            {
                await database.WriteAsync(tx => tx.ExecuteAsync("insert into access_key_ring values (@name, 'x', @at)", new { name = Id.New().ToString(), at = DateTimeOffset.UnixEpoch }), CancellationToken.None);
                return Results.StatusCode(StatusCodes.Status403Forbidden);
            }).RequirePermission(AccessPermissions.ManageStaff);
            app.MapPost("/open", [AllowAnonymous] () => "ok").RequirePermission(AccessPermissions.ManageStaff);
        });

        (await BreachesAsync(shop, "/disagrees")).ShouldHaveSingleItem().ShouldContain("Auditor");
        (await BreachesAsync(shop, "/undeclared")).ShouldHaveSingleItem().ShouldContain("declared by no module");
        (await BreachesAsync(shop, "/late")).ShouldContain(b => b.Contains("something was written", StringComparison.Ordinal));
        (await BreachesAsync(shop, "/open")).Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_route_for_keys_that_lets_others_in_is_found()
    {
        await using var shop = await WebShop.OpenAsync(routes: app =>
        {
            app.MapPost("/unread", () => "ok").RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody();
            app.MapPost("/too-strict", (CurrentActor actor) => actor.Demand(AccessPermissions.ManageStaff)).RequireKey(ReadOrders);
        });

        (await BreachesAsync(shop, "/unread")).ShouldContain(b => b.Contains("as nobody", StringComparison.Ordinal), "it never asked for the key in the body");
        (await BreachesAsync(shop, "/too-strict")).ShouldContain(b => b.Contains("a key with orders.read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_pattern_stands_in_the_allow_list_in_vain()
    {
        await using var shop = await WebShop.OpenAsync();
        var mapped = new AccessMatrix(shop).Routes.Select(r => r.RoutePattern.RawText).ToHashSet();
        AnonymousEndpoints.Patterns.Where(p => !mapped.Contains(p)).ShouldBeEmpty();
    }

    private static async Task<List<string>> BreachesAsync(WebShop shop, string pattern)
    {
        var matrix = new AccessMatrix(shop);
        await matrix.WalkAsync(pattern);
        return matrix.Breaches;
    }

    private static void Print(AccessMatrix matrix, string what)
    {
        TestContext.Current.TestOutputHelper?.WriteLine("Access matrix: {0} cells ({1}), {2} routes", matrix.Cells, what, matrix.Routes.Count);
        TestContext.Current.SendDiagnosticMessage("Access matrix: {0} cells ({1}), {2} routes", matrix.Cells, what, matrix.Routes.Count);
    }
}
