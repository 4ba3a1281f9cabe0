using System.Net;
using System.Text.Json;

namespace Iskra.EndToEnd.Tests.Api;

/// <summary>A whole answer: nothing of it is left on the connection.</summary>
internal sealed record Answer(HttpStatusCode Status, string? MediaType, string Text)
{
    private JsonElement? _body;

    public TimeSpan? RetryAfter { get; init; }

    public int StatusNumber => (int)Status;

    /// <summary>The body as JSON; throws when it is none.</summary>
    public JsonElement Body => _body ??= JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>A text field of the body's first level.</summary>
    public string? this[string name] => Body.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    public override string ToString() => $"{StatusNumber} {(Text.Length > 2_000 ? Text[..2_000] : Text)}";
}
