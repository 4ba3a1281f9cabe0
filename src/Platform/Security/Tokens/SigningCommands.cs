using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Security.Tokens;

/// <summary><c>iskra security rotate-signing | signing-keys</c>: the keys that sign access tokens.</summary>
public static class SigningCommands
{
    public static Command Create(ICommandHost host) =>
        new Command("security", "The keys that sign access tokens.") { Rotate(host), List(host) }
            .WithExamples("iskra security signing-keys", "iskra security rotate-signing");

    private static Command Rotate(ICommandHost host)
    {
        Option<bool> now = new("--now")
        {
            Description = "A key has leaked: the new one signs at once, the others are removed, and every token they signed ends.",
        };
        Command command = new Command(
            "rotate-signing", "Make the next signing key. It is published at once and signs after a while; the server does this by itself.")
        {
            now,
        }
            .WithExamples("iskra security rotate-signing", "iskra security rotate-signing --now");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.Exclusive,
            async (services, token) =>
            {
                SigningKeys keys = services.GetRequiredService<SigningKeys>();
                await WriteAsync(parse, await keys.RotateAsync(parse.GetValue(now), isByHand: true, token), services, token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static Command List(ICommandHost host)
    {
        Command command = new Command("signing-keys", "List the signing keys: id, state, when it starts to sign.")
            .WithExamples("iskra security signing-keys");
        command.SetAction((parse, cancellation) => host.RunAsync(
            parse,
            StoreAccess.ReadOnly,
            async (services, token) =>
            {
                SigningKeyRing ring = await services.GetRequiredService<SigningKeys>().LoadAsync(token);
                await WriteAsync(parse, ring, services, token);
                return (int)ExitCode.Ok;
            },
            cancellation));
        return command;
    }

    private static async Task WriteAsync(
        ParseResult parse, SigningKeyRing ring, IServiceProvider services, CancellationToken cancellationToken)
    {
        long now = services.GetRequiredService<TimeProvider>().NowMicroseconds();
        SigningKey? signer = ring.SignerAt(now);
        foreach (SigningKey key in ring.Keys)
        {
            string state = key == signer ? "signs" : key.ActiveAt > now ? "next" : "former";
            string line = string.Create(
                CultureInfo.InvariantCulture, $"{key.Kid}  {state,-6}  {Instants.FromMicroseconds(key.ActiveAt):yyyy-MM-dd HH:mm:ss}Z");
            await parse.InvocationConfiguration.Output.WriteLineAsync(line.AsMemory(), cancellationToken);
        }
    }
}
