using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Security;

namespace Wellmet.Server.Commands;

/// <summary><c>wellmet user …</c>: who may sign in, for whoever runs the machine; also the way back in when nobody can.</summary>
internal static class UserCommand
{
    public static Command Build() => new("user", "Who may sign in: list, add, make a sign-in link, deactivate.") { List(), Add(), Link(), Deactivate() };

    private static Command List() => Of("list", "Everybody on the staff.", [], async (shop, _, ct) =>
    {
        var table = new Table().AddColumn(new TableColumn("Id").NoWrap()).AddColumns("Name", "E-mail", "Role", "State", "Last sign-in");
        foreach (var member in await shop.GetRequiredService<ListStaff>().RunAsync(ct))
        {
            var state = member.DeactivatedAt is not null ? "deactivated" : member.HasPassword ? "active" : "invited";
            table.AddRow(new[] { member.Id.ToString(), member.Name, member.Email, member.Role.ToString().ToLowerInvariant(), state, member.SignedInAt?.ToString("u") }
                .Select(cell => Markup.Escape(cell ?? "–")).ToArray());
        }
        AnsiConsole.Write(table);
    });

    private static Command Add()
    {
        var role = new Argument<Role>("role") { Description = "owner, marketer, agent, analyst or auditor." };
        var name = new Option<string?>("--name") { Description = "How the list shows them until they have signed in." };
        return Of("add", "Add somebody; prints a link, good once and for 72 hours.", [role, name], async (shop, parsed, ct) =>
        {
            var invited = await shop.GetRequiredService<InviteStaff>().RunAsync(new(parsed.GetValue(role), parsed.GetValue(name)), ct);
            Console.WriteLine(invited.Link);
        });
    }

    private static Command Link()
    {
        var id = new Argument<Guid>("id") { Description = "As 'user list' shows it." };
        var forget = new Option<bool>("--forget-second-factor") { Description = "Also forget passkeys and authenticator app, when phone and recovery codes are lost." };
        return Of("link", "Make a link with which somebody chooses a new password.", [id, forget], async (shop, parsed, ct) =>
            Console.WriteLine(await shop.GetRequiredService<CreateSignInLink>().RunAsync(new(parsed.GetValue(id), parsed.GetValue(forget)), ct)));
    }

    private static Command Deactivate()
    {
        var id = new Argument<Guid>("id") { Description = "As 'user list' shows it." };
        var reason = new Option<string?>("--reason") { Description = "For the audit log." };
        return Of("deactivate", "Somebody leaves: their sessions end at once.", [id, reason], async (shop, parsed, ct) =>
        {
            await shop.GetRequiredService<DeactivateStaff>().RunAsync(new(parsed.GetValue(id), parsed.GetValue(reason)), ct);
            Console.WriteLine("Deactivated.");
        });
    }

    private static Command Of(string name, string description, Symbol[] symbols, Func<IServiceProvider, ParseResult, CancellationToken, Task> run)
    {
        var storage = new StorageArguments();
        var baseUrl = new Option<string>("--base-url") { Description = "The address that links begin with.", DefaultValueFactory = _ => "http://localhost:5080" };
        var command = new Command(name, description) { baseUrl };
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }
        storage.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            if (!Uri.TryCreate(parsed.GetValue(baseUrl), UriKind.Absolute, out var url))
            {
                throw new ProblemException("base_url_wrong", "--base-url must be like https://crm.example.com, without a path.", 400);
            }
            await using var shop = await ShopHost.OpenAsync(storage.Read(parsed), receivers: false, prepare: true, ct, services => services.AddStaff(new WebOptions(url, [])));
            await run(shop.Services, parsed, ct);
            return 0;
        });
        return command;
    }
}
