using Wellmet.Platform.Access;

namespace Wellmet.Customers.Contract;

/// <summary>Permissions of the Customers module.</summary>
public static class CustomersPermissions
{
    /// <summary>See customers, their figures and their timeline; personal data is masked without <see cref="ReadPersonal"/>.</summary>
    public static readonly Permission Read = new("customers.read");

    /// <summary>See names, e-mail addresses and other personal data in clear.</summary>
    public static readonly Permission ReadPersonal = new("customers.read_personal");

    /// <summary>See the events that were sent to the collection; what is personal in them needs <see cref="ReadPersonal"/>.</summary>
    public static readonly Permission ReadEvents = new("events.read");

    /// <summary>Change profiles, merge customers and take merges back.</summary>
    public static readonly Permission Edit = new("customers.edit");

    /// <summary>Have the program merge customers without asking; see proposals.</summary>
    public static readonly Permission MergeAutomatically = new("customers.merge_automatically");

    /// <summary>Define the shop's own traits: which there are, and which are not personal.</summary>
    public static readonly Permission DefineTraits = new("traits.define");

    /// <summary>Forget a customer for good.</summary>
    public static readonly Permission Erase = new("customers.erase");

    /// <summary>Take data of customers out: lists as a file, everything about one person.</summary>
    public static readonly Permission Export = new("customers.export");

    /// <summary>Import files and undo imports.</summary>
    public static readonly Permission Import = new("imports.run");
}
