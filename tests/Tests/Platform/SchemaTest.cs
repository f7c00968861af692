using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform;

public sealed class SchemaTest
{
    private static readonly MethodInfo On = typeof(ModuleDb).GetMethod(nameof(ModuleDb.On))!;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Every_mapped_column_can_be_selected(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var contexts = shop.Get<ModuleCatalog>().Assemblies.SelectMany(a => a.GetTypes()).Where(t => t.IsSubclassOf(typeof(ModuleDb)) && !t.IsAbstract).ToList();
        var columns = 0;
        await shop.Database.ReadAsync(async session =>
        {
            foreach (var context in contexts)
            {
                await using var db = (ModuleDb)On.MakeGenericMethod(context).Invoke(null, [session])!;
                foreach (var entity in db.Model.GetEntityTypes().Where(e => e.GetTableName() is not null))
                {
                    var names = entity.GetProperties().Select(p => p.GetColumnName()).ToList();
                    await session.QueryAsync($"select {string.Join(", ", names)} from {entity.GetTableName()} where 1 = 0", null, r => r.IsNull(0), CancellationToken.None);
                    columns += names.Count;
                }
            }
        }, CancellationToken.None);
        TestContext.Current.SendDiagnosticMessage("{0} columns of {1} contexts selected", columns, contexts.Count);
    }

    [Fact]
    public void Every_table_states_its_class_and_keys_by_subject_begin_with_the_subject()
    {
        var migrations = new List<MigrationText>(Preparation.KeyMigrations);
        migrations.AddRange(Migrator.Find(Wellmet.Server.ModuleList.All.Select(m => m.GetType().Assembly).Prepend(typeof(Migrator).Assembly)));
        migrations.ShouldNotBeEmpty();
        foreach (var migration in migrations)
        {
            var statements = migration.Statements(Engine.Postgres);
            // One may be for one engine alone; a table is for both.
            statements.ShouldNotBeEmpty();
            (migration.Statements(Engine.Sqlite).Any() || migration.Text.StartsWith("-- @postgres", StringComparison.Ordinal)).ShouldBeTrue(migration.Name);
            foreach (var table in migration.Tables.Where(t => t.Class == TableClass.BySubject))
            {
                KeyRules.Breaches(table.Name, statements).ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public void A_key_by_subject_that_begins_otherwise_is_found()
    {
        KeyRules.Breaches("x", ["create table x (subject_id uuid not null, id uuid not null,\n  primary key (id, subject_id)\n)"]).ShouldHaveSingleItem();
        KeyRules.Breaches("x", ["create table x (subject_id uuid not null primary key, n text unique)"]).ShouldHaveSingleItem();
        KeyRules.Breaches("x", ["create table x (subject_id uuid not null primary key)", "create unique index y on x (n)"]).ShouldHaveSingleItem();
        KeyRules.Breaches("x", ["create table x (subject_id uuid not null, id uuid, primary key (subject_id, id))", "create unique index y on x (subject_id, n)"]).ShouldBeEmpty();
    }

    [Fact]
    public void A_table_without_a_class_is_refused()
    {
        var migration = new MigrationText("test", 1, "t", "create table t (id {uuid});\n");
        Should.Throw<InvalidOperationException>(() => migration.Statements(Engine.Sqlite)).Message.ShouldContain("t has no");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_database_of_a_newer_version_is_refused_with_a_sentence(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await TestShop.OpenAsync(engine, workers: false, storage: storage);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync(
            "insert into platform_migrations (module, number, name, checksum, applied_at) values ('commerce', 9999, 'future', 'x', @at)",
            new { at = DateTimeOffset.UnixEpoch }), CancellationToken.None);

        var refusal = await Should.ThrowAsync<Wellmet.Platform.ProblemException>(() => shop.Get<Preparation>().RunAsync(CancellationToken.None));
        refusal.Code.ShouldBe("database_newer");
    }
}
