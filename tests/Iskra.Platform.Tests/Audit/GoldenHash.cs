namespace Iskra.Platform.Tests.Audit;

/// <summary>Made from docs/audit.md by another implementation.</summary>
internal static class GoldenHash
{
    public const string Genesis = "b96100a79f76e6b18d5f45865c7c93bd01d939b6f2feddc5a923ae3a546c350f";

    public const string First = "5f70a1eb917d2c8ec1c02873d0870346d0f54a92c6965c7b5830ffbe7a0a4677";
}
