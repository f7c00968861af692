using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Wellmet.Commerce.Catalog;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce;

/// <summary>Single rows of the catalogue; orders are read and written in sets, by SQL.</summary>
public sealed class CommerceDb(DbContextOptions<CommerceDb> options) : ModuleDb(options)
{
    public DbSet<Product> Products => Set<Product>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Product>(product =>
        {
            product.ToTable("commerce_products").HasKey(p => p.ProductId);
            product.Property(p => p.ProductId).HasColumnName("product_id").ValueGeneratedNever();
            product.Property(p => p.Sku).HasColumnName("sku");
            product.Property(p => p.Name).HasColumnName("name");
            product.Property(p => p.Type).HasColumnName("type");
            product.Property(p => p.TypeSource).HasColumnName("type_source");
            product.Property(p => p.Kind).HasColumnName("kind");
            product.Property(p => p.KindSource).HasColumnName("kind_source");
            product.Property(p => p.CategoryId).HasColumnName("category_id");
            product.Property(p => p.Active).HasColumnName("active");
            product.Property(p => p.Brand).HasColumnName("brand");
            product.Property(p => p.Seller).HasColumnName("seller");
            product.Property(p => p.Stock).HasColumnName("stock");
            product.Property(p => p.AvailableSince).HasColumnName("available_since").HasConversion<DayConverter>();
            product.Property(p => p.UnitPrice).HasColumnName("unit_price");
            product.Property(p => p.ListedPrice).HasColumnName("listed_price");
            product.Property(p => p.Currency).HasColumnName("currency");
            product.Property(p => p.ImageUrl).HasColumnName("image_url");
            product.Property(p => p.PageUrl).HasColumnName("page_url");
        });
    }

    /// <summary>A day is text on both engines.</summary>
    private sealed class DayConverter() : ValueConverter<DateOnly, string>(
        d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), t => DateOnly.ParseExact(t, "yyyy-MM-dd", CultureInfo.InvariantCulture));
}
