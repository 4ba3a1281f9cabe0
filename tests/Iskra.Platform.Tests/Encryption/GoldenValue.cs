namespace Iskra.Platform.Tests.Encryption;

/// <summary>
/// Made from docs/encryption.md by another implementation: key 00 01 … 1F, id 1, version 1, tenant 1, table people, column name, row 7,
/// text "iskra".
/// </summary>
internal static class GoldenValue
{
    public const string Value = "010000000000000001000000016465666768696A6B6C6D6E6FE6CE456B842AECE82FEE9F0070BA97842168B51418";

    public const string AssociatedData = "0100000001000000010670656F706C65046E616D6500000000000000000000000000000007";

    public const string RootId = "199C758FDCAEC2D1";

    public const string RootCheck = "C01673CBEB63A6C1F8F98B56FB5FFCBFC14E459BEC3A3118D1CA9D39CBCA9ABB";
}
