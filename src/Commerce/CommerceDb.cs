using Microsoft.EntityFrameworkCore;
using Wellmet.Commerce.Catalog;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce;

/// <summary>Single rows of the catalogue and the storefronts; orders are read and written in sets, by SQL.</summary>
public sealed class CommerceDb(DbContextOptions<CommerceDb> options) : ModuleDb(options)
{
    public DbSet<Product> Products => Set<Product>();
    public DbSet<Category> Categories => Set<Category>();

    /// <summary>The category of this name, made where there is none.</summary>
    public async Task<Guid> CategoryAsync(string name, CancellationToken ct)
    {
        var found = await Categories.FirstOrDefaultAsync(c => c.Name == name, ct);
        if (found is null)
        {
            found = new Category { CategoryId = Id.New(), Name = name };
            Categories.Add(found);
        }
        return found.CategoryId;
    }

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
        });
        modelBuilder.Entity<Category>(category =>
        {
            category.ToTable("commerce_categories").HasKey(c => c.CategoryId);
            category.Property(c => c.CategoryId).HasColumnName("category_id").ValueGeneratedNever();
            category.Property(c => c.Name).HasColumnName("name");
        });
    }
}
