using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Bench;

/// <summary>
/// <c>crypto</c>: what sealing and opening a field of 1 KB costs with the key in memory, through the whole of <see cref="FieldCipher"/>,
/// beside the bare algorithm with a new object each time; and what an audit entry costs.
/// </summary>
internal static class CryptoScenario
{
    private const int FieldSizeBytes = 1_024;
    private const int Warmups = 20_000;
    private const int Calls = 100_000;
    private const int Rounds = 7;

    public static Command Create()
    {
        Command command = new("crypto", "Measures sealing and opening a field of 1 KB, and the audit trail.");
        command.SetAction(async (_, cancellation) =>
        {
            await Console.Out.WriteLineAsync(await RunAsync(cancellation));
            await Console.Out.WriteLineAsync(await RunPostgresAsync(cancellation));
        });
        return command;
    }

    /// <summary>The audit trail on PostgreSQL, beside the way that was not taken: the tenant's head row locked by each writer.</summary>
    public static async Task<string> RunPostgresAsync(CancellationToken cancellationToken)
    {
        await using BenchPostgres server = await BenchPostgres.StartAsync();
        string folder = Directory.CreateTempSubdirectory("iskra-bench-crypto-").FullName;
        try
        {
            DataOptions data = new() { Folder = folder, Database = await server.NewDatabaseAsync() };
            await using Database database = await Database.OpenAsync(
                data, [], StoreAccess.Exclusive, cancellationToken: cancellationToken);
            await using ServiceProvider services = Services(database, data);
            return "\n" + await AuditLoad.RunAsync("PostgreSQL", services, database, cancellationToken)
                + await AuditLoad.LockedAsync(database, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("iskra-bench-crypto-").FullName;
        try
        {
            DataOptions data = new() { Folder = folder };
            await using Database database = await Database.OpenAsync(
                data, [], StoreAccess.Exclusive, cancellationToken: cancellationToken);
            await using ServiceProvider services = Services(database, data);
            return "| part | ns | bytes allocated |\n|---|--:|--:|\n" + await FieldsAsync(services, database, cancellationToken)
                + "\n\n" + await AuditLoad.RunAsync("SQLite", services, database, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ServiceProvider Services(Database database, DataOptions data)
    {
        ServiceCollection services = new();
        IConfigurationRoot configuration = new ConfigurationBuilder().Build();
        services.AddLogging();
        services.AddSingleton(database);
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(data));
        services.AddIskraEncryption(configuration);
        services.AddIskraAudit(configuration);
        return services.BuildServiceProvider();
    }

    private static async Task<string> FieldsAsync(ServiceProvider services, Database database, CancellationToken cancellationToken)
    {
        FieldCipher cipher = services.GetRequiredService<FieldCipher>();
        FieldAddress address = FieldAddress.Of(TenantId.Default, new FieldName("people", "note"), 7);
        SubjectId subject = new("anna");
        byte[] plain = RandomNumberGenerator.GetBytes(FieldSizeBytes);
        byte[] value = await database.WriteAsync(
            session => cipher.SealAsync(session, address, subject, plain).AsTask(), cancellationToken);
        return await database.ReadAsync(
            async session =>
            {
                await cipher.OpenAsync(session, address, value);
                byte[] key = RandomNumberGenerator.GetBytes(32);
                return string.Join(
                    '\n',
                    Line("FieldCipher: seal 1 KB", () => Done(cipher.SealAsync(session, address, subject, plain))),
                    Line("FieldCipher: open 1 KB", () => Done(cipher.OpenAsync(session, address, value))),
                    Line("bare AES-GCM, a new object for each: encrypt 1 KB", () => Bare(key, plain)));
            },
            cancellationToken);
    }

    private static void Done<T>(ValueTask<T> call)
    {
        if (!call.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The key was not in memory.");
        }
    }

    private static void Bare(byte[] key, byte[] plain)
    {
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> tag = stackalloc byte[16];
        RandomNumberGenerator.Fill(nonce);
        using AesGcm aes = new(key, 16);
        aes.Encrypt(nonce, plain, new byte[plain.Length], tag);
    }

    /// <summary>The median of several rounds: a neighbour's burst spoils one of them, not the figure.</summary>
    private static string Line(string name, Action call)
    {
        for (int i = 0; i < Warmups; i++)
        {
            call();
        }

        List<double> rounds = [];
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            long from = Stopwatch.GetTimestamp();
            for (int i = 0; i < Calls; i++)
            {
                call();
            }

            rounds.Add(Stopwatch.GetElapsedTime(from).TotalNanoseconds / Calls);
        }

        double allocated = (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)(Calls * Rounds);
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {rounds.Order().ElementAt(Rounds / 2):0} | {allocated:0} |");
    }
}
