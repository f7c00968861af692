using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Commerce.CustomerFiles;

/// <summary>
/// Customers from any shop or e-mail tool: one person on each line. Headings of the customer exports of Shopify and WooCommerce and of Mailchimp's audiences are recognised. A column about advertising never
/// raises a consent: who unsubscribed is a withdrawal, who subscribed a claim that opens nothing, with what proves it. An address from which mail came back for good is refused. A further column that is called like
/// a trait of the shop fills it.
/// </summary>
internal sealed class CustomersTarget(ICustomers customers, IConsents consents, IShopTraits traits, TimeProvider time) : IImportTarget
{
    public const string Name = "customers-csv";

    public string Layout => Name;
    public string Title => "Customers from any shop";
    public bool NeedsMapping => true;
    public bool? DayFirst => null;
    public IReadOnlyList<ImportField> Fields => CustomerColumns.Fields;

    public string? GroupOf(ImportLine line) => null;

    public async Task<IImportReader> StartAsync(ImportRun run, CancellationToken ct) =>
        new CustomersImport(run, new CustomerWriting(customers, consents, traits, time.GetUtcNow()), TraitColumns.Of(run, await traits.DefinedAsync(ct)));

    public Task DemandUndoableAsync(Guid importId, CancellationToken ct) => Task.CompletedTask;

    /// <summary>People and consents are taken back by those who keep them.</summary>
    public Task<bool> UndoSomeAsync(Transaction tx, Guid importId, CancellationToken ct) => Task.FromResult(true);
}

/// <summary>The columns of a file of customers, under the names that shop systems and e-mail tools give them.</summary>
internal static class CustomerColumns
{
    public const int Id = 0, Email = 1, Phone = 2, First = 3, Last = 4, FullName = 5, Country = 6, Language = 7, Since = 8, Accepts = 9, SaidAt = 10, UnsubscribedAt = 11, OptInAt = 12, OptInIp = 13, ConfirmedAt = 14, ConfirmedIp = 15, CleanedAt = 16;

    public static readonly IReadOnlyList<ImportField> Fields =
    [
        new("customer_id", "Customer ID", false, ImportFieldKind.Text, ["customerid", "userid", "customeruserid", "id", "客户编号", "客户id", "会员号", "用户id"]),
        new("email", "E-mail", false, ImportFieldKind.Text, ["email", "emailaddress", "customeremail", "billingemail", "邮箱", "电子邮箱", "邮件"]),
        new("phone", "Phone", false, ImportFieldKind.Text, ["phone", "phonenumber", "billingphone", "defaultaddressphone", "smsphonenumber", "mobile", "电话", "手机", "手机号", "联系电话"]),
        new("first_name", "First name", false, ImportFieldKind.Text, ["firstname", "fname", "billingfirstname", "名"]),
        new("last_name", "Last name", false, ImportFieldKind.Text, ["lastname", "lname", "billinglastname", "姓"]),
        new("name", "Name", false, ImportFieldKind.Text, ["fullname", "customername", "displayname", "username", "姓名", "客户姓名"]),
        new("country", "Country", false, ImportFieldKind.Text, ["defaultaddresscountrycode", "countrycode", "country", "billingcountry", "cc", "国家", "国家地区"]),
        new("language", "Language", false, ImportFieldKind.Text, ["locale", "lang", "语言"]),
        new("since", "Customer since", false, ImportFieldKind.Time, ["customersince", "createdat", "dateregistered", "registered", "signup", "joined", "userregistered", "注册时间", "注册日期"]),
        new("accepts_marketing", "Wants advertising", false, ImportFieldKind.Text, ["acceptsemailmarketing", "acceptsmarketing", "emailmarketingconsent", "marketingconsent", "newsletter", "subscribed", "status", "接受营销", "营销同意"]),
        new("said_at", "Said about advertising at", false, ImportFieldKind.Time, ["subscribedat", "lastchanged"]),
        new("unsubscribed_at", "Unsubscribed at", false, ImportFieldKind.Time, ["unsubtime", "unsubscribedat", "退订时间"]),
        new("opt_in_at", "Asked for advertising at", false, ImportFieldKind.Time, ["optintime"]),
        new("opt_in_ip", "From the IP address", false, ImportFieldKind.Text, ["optinip"]),
        new("confirmed_at", "Confirmed at", false, ImportFieldKind.Time, ["confirmtime"]),
        new("confirmed_ip", "Confirmed from the IP address", false, ImportFieldKind.Text, ["confirmip"]),
        new("cleaned_at", "Mail came back for good at", false, ImportFieldKind.Time, ["cleantime", "cleanedat", "bouncedat", "hardbouncedat"]),
    ];
}
