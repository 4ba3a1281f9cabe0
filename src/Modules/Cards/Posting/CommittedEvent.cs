using System.Text.Json;
using System.Text.Json.Serialization;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;
using Iskra.Platform.Events;

namespace Iskra.Modules.Cards.Posting;

/// <summary>The event of one commit.</summary>
internal static class CommittedEvent
{
    public static DomainEvent Of(LedgerCommit commit) => new(
        TransfersCommitted.EventType,
        TransfersCommitted.SchemaVersion,
        "ledger-0",
        JsonSerializer.Serialize(
            new TransfersCommitted
            {
                FirstSequence = commit.PreviousSequence + 1,
                LastSequence = commit.LastSequence,
                Transfers = commit.Count,
                At = Instants.FromMicroseconds(commit.PostedAt),
            },
            EventJson.Default.TransfersCommitted));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TransfersCommitted))]
internal sealed partial class EventJson : JsonSerializerContext;
