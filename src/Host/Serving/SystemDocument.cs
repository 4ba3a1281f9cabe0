using Iskra.Platform.Hosting;

namespace Iskra.Host.Serving;

internal sealed record SystemDocument(
    string Name, string Version, IReadOnlyList<string> Roles, string Engine, DateTimeOffset StartedAt, bool IsEmpty, DemoStatus Demo);
