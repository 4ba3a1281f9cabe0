using Iskra.Platform.Data;
using Npgsql;

namespace Iskra.Platform.Tests.Encryption;

/// <summary>A copy of the whole database, as a backup of files or of a server takes it. The store must be closed.</summary>
internal sealed class TestCopy
{
    private readonly byte[] _file;
    private readonly string? _template;

    private TestCopy(byte[] file, string? template)
    {
        _file = file;
        _template = template;
    }

    public static async Task<TestCopy> TakeAsync(TestKeys keys)
    {
        if (keys.Engine == DatabaseEngine.Sqlite)
        {
            return new TestCopy(await File.ReadAllBytesAsync(FileOf(keys)), null);
        }

        string copy = NameOf(keys) + "_copy";
        await ReplaceAsync(keys, copy, NameOf(keys));
        return new TestCopy([], copy);
    }

    public async Task RestoreAsync(TestKeys keys)
    {
        if (_template is null)
        {
            File.Delete(FileOf(keys) + "-wal");
            File.Delete(FileOf(keys) + "-shm");
            await File.WriteAllBytesAsync(FileOf(keys), _file);
            return;
        }

        await ReplaceAsync(keys, NameOf(keys), _template);
    }

    private static string FileOf(TestKeys keys) => Directory.GetFiles(keys.Data.Folder, "*.db").Single();

    private static string NameOf(TestKeys keys) => new NpgsqlConnectionStringBuilder(keys.Data.Database).Database!;

    private static async Task ReplaceAsync(TestKeys keys, string name, string template)
    {
        NpgsqlConnection.ClearAllPools();
        NpgsqlConnectionStringBuilder settings = new(keys.Data.Database) { Database = "postgres", Pooling = false };
        await using NpgsqlConnection connection = new(settings.ConnectionString);
        await connection.OpenAsync();
        string[] steps = [$"drop database if exists \"{name}\" with (force)", $"create database \"{name}\" template \"{template}\""];
        foreach (string sql in steps)
        {
            await using NpgsqlCommand command = new(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
