using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Audit;

/// <summary>
/// Copies of checkpoints outside the database: <c>audit-checkpoints-TENANT.jsonl</c>, one JSON object a line, only ever appended to.
/// </summary>
internal sealed class CheckpointFiles(IOptions<AuditOptions> options)
{
    private const int LineLengthMax = 4_096;

    public bool IsOn => !string.IsNullOrEmpty(options.Value.CheckpointFolder);

    public static string PathOf(string folder, int tenant) => Path.GetFullPath(
        Path.Combine(folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"audit-checkpoints-{tenant}.jsonl")));

    public async Task AppendAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Value.CheckpointFolder!);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(checkpoint, JsonSerializerOptions.Web), (byte)'\n'];
        await using FileStream file = new(
            PathOf(options.Value.CheckpointFolder!, checkpoint.TenantId), FileMode.Append, FileAccess.Write, FileShare.Read);
        await file.WriteAsync(line, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The copies of a tenant's checkpoints; empty when there are none. A line that is none is given as null.</summary>
    public static async IAsyncEnumerable<AuditCheckpoint?> ReadAsync(string folder, int tenant)
    {
        string path = PathOf(folder, tenant);
        if (!File.Exists(path))
        {
            yield break;
        }

        await foreach (string line in File.ReadLinesAsync(path))
        {
            yield return Parse(line);
        }
    }

    private static AuditCheckpoint? Parse(string line)
    {
        try
        {
            return line.Length > LineLengthMax ? null : JsonSerializer.Deserialize<AuditCheckpoint>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
