using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary><c>iskra cards keys list|rotate</c>: versions and dates, never a key.</summary>
internal static class CardKeysCommand
{
    public static Command Create(ICommandHost host)
    {
        Command list = new("list", "List the versions of the card keys; no key is printed.");
        list.WithExamples("iskra cards keys list");
        list.SetAction((parsed, cancel) => host.RunAsync(
            parsed, StoreAccess.ReadOnly, (services, _) => ListAsync(services, parsed.InvocationConfiguration.Output), cancel));
        Command rotate = new(
            "rotate",
            "Add a version of the card keys. New numbers are sealed with it after the next start; "
            + "older versions still open what they sealed.");
        rotate.WithExamples("iskra cards keys rotate");
        rotate.SetAction((parsed, cancel) => host.RunAsync(
            parsed, StoreAccess.ReadOnly, (services, _) => RotateAsync(services, parsed.InvocationConfiguration.Output), cancel));
        return new Command("keys", "The keys that card numbers are sealed with.") { list, rotate };
    }

    internal static async Task<int> ListAsync(IServiceProvider services, TextWriter output)
    {
        CardKeyStore store = services.GetRequiredService<CardKeyStore>();
        await output.WriteLineAsync($"Card keys from {store.Source}");
        foreach (CardKey key in store.Ring.Keys)
        {
            string created = key.CreatedAt?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "unknown";
            string use = key == store.Ring.Newest ? "encrypts, decrypts" : "decrypts";
            await output.WriteLineAsync($"  version {key.Version}  created {created}  {use}");
        }

        return (int)ExitCode.Ok;
    }

    internal static async Task<int> RotateAsync(IServiceProvider services, TextWriter output)
    {
        CardKeyStore store = services.GetRequiredService<CardKeyStore>();
        CardKeyRing ring = store.Rotate();
        await output.WriteLineAsync(
            $"Version {ring.Newest.Version} was added to {store.Source}. Restart a running server to use it, and back the file up.");
        return (int)ExitCode.Ok;
    }
}
