using System.Text.Json.Serialization;
using Iskra.Modules.Dashboards.Contracts;

namespace Iskra.Modules.Dashboards.Pulse;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PulseFrame))]
[JsonSerializable(typeof(PulseSnapshot))]
[JsonSerializable(typeof(CommittedPayload))]
internal sealed partial class PulseJson : JsonSerializerContext;
