using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Storage;

/// <summary>
/// Base of each module's EF Core context. It lives inside a <see cref="Session"/>: <c>transaction.Use&lt;CommerceDb&gt;()</c> to change,
/// <c>ModuleDb.On&lt;CommerceDb&gt;(session)</c> to read. Times, ids and enums are kept as everywhere else (see <see cref="Row"/>).
/// </summary>
public abstract class ModuleDb(DbContextOptions options) : DbContext(options)
{
    private static readonly ConcurrentDictionary<Type, Func<DbContextOptions, ModuleDb>> Constructors = new();

    /// <summary>A context on the session's connection and transaction.</summary>
    public static TDb On<TDb>(Session session) where TDb : ModuleDb
    {
        var builder = new DbContextOptionsBuilder<TDb>();
        if (session.Engine == Engine.Sqlite)
        {
            builder.UseSqlite(session.Connection);
        }
        else
        {
            builder.UseNpgsql(session.Connection);
        }
        var create = Constructors.GetOrAdd(typeof(TDb), static type =>
        {
            var constructor = type.GetConstructors().Single();
            return options => (ModuleDb)constructor.Invoke([options]);
        });
        var db = (TDb)create(builder.Options);
        if (session.DbTransaction is not null)
        {
            db.Database.UseTransaction(session.DbTransaction);
        }
        return db;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Sealed<string>>().HaveConversion<SealedConverter>();
        configurationBuilder.Conventions.Add(static _ => new EnumTextConvention());
        if (Database.IsSqlite())
        {
            configurationBuilder.Properties<Guid>().HaveConversion<GuidBytesConverter>();
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
        }
    }

    /// <summary>Enums are text; EF takes no open generic converter for all of them at once.</summary>
    private sealed class EnumTextConvention : IModelFinalizingConvention
    {
        public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
        {
            foreach (var property in modelBuilder.Metadata.GetEntityTypes().SelectMany(e => e.GetProperties()))
            {
                if ((Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType) is { IsEnum: true } type)
                {
                    property.Builder.HasConverter(typeof(EnumTextConverter<>).MakeGenericType(type));
                }
            }
        }
    }

    private sealed class SealedConverter()
        : ValueConverter<Sealed<string>, byte[]>(s => s.Envelope, b => new Sealed<string>(b));

    private sealed class GuidBytesConverter()
        : ValueConverter<Guid, byte[]>(g => g.ToByteArray(true), b => new Guid(b, true));

    private sealed class MicrosecondsConverter()
        : ValueConverter<DateTimeOffset, long>(t => Clock.ToMicroseconds(t), m => Clock.FromMicroseconds(m));
}

/// <summary>Keeps an enum as its snake_case text.</summary>
public sealed class EnumTextConverter<TEnum>() : ValueConverter<TEnum, string>(e => EnumText.Of(e), t => EnumText.Parse<TEnum>(t))
    where TEnum : struct, Enum;
