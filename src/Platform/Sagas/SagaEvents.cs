using System.Text.Json;
using System.Text.Json.Serialization;
using Iskra.Platform.Events;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Sagas;

/// <summary>The events of sagas; the key is the saga's id.</summary>
public static partial class SagaEvents
{
    /// <summary>All steps took effect.</summary>
    public const string Completed = "sagas.completed";

    /// <summary>All executed steps were undone.</summary>
    public const string Compensated = "sagas.compensated";

    /// <summary>A compensation failed for good.</summary>
    public const string Parked = "sagas.parked";

    /// <summary>The payload's version: <c>{"sagaId", "name", "version", "reason", "step", "errorKind"}</c>.</summary>
    public const int SchemaVersion = 1;

    internal static DomainEvent Of(string type, SagaRow row) => new(
        type,
        SchemaVersion,
        row.Id.ToString(),
        JsonSerializer.Serialize(
            new SagaPayload(
                row.Id,
                row.Name,
                row.Version,
                row.Reason is { } reason ? ((SagaReason)reason).ToString() : null,
                row.ErrorStep,
                row.ErrorKind),
            SagaJson.Default.SagaPayload))
    {
        Tenant = new TenantId(row.TenantId),
    };

    internal sealed record SagaPayload(Guid SagaId, string Name, int Version, string? Reason, string? Step, string? ErrorKind);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(SagaPayload))]
    internal sealed partial class SagaJson : JsonSerializerContext;
}
