using System.Security.Cryptography;
using Iskra.Platform.Encryption;
using Xunit;

namespace Iskra.Platform.Tests.Encryption;

/// <summary>The stored forms never change: values written by any version must open in every later one.</summary>
public sealed class SealedFormatTests
{
    [Fact]
    public void Header_OfKeyAndVersion_IsTheseBytes()
    {
        byte[] value = new byte[SealedFormat.OverheadBytes];
        SealedFormat.WriteHeader(value, 0x0102030405060708, 0x0A0B0C0D);

        Assert.Equal("0101020304050607080A0B0C0D", Convert.ToHexString(value.AsSpan(0, 13)));
        Assert.Equal(41, SealedFormat.OverheadBytes);
        Assert.True(SealedFormat.TryReadHeader(value, out long id, out int version));
        Assert.Equal((0x0102030405060708, 0x0A0B0C0D), (id, version));
    }

    [Fact]
    public void Header_OfAnotherFormat_IsRefused()
    {
        byte[] value = new byte[SealedFormat.OverheadBytes];
        SealedFormat.WriteHeader(value, 1, 1);
        value[0] = 2;

        Assert.False(SealedFormat.TryReadHeader(value, out _, out _));
    }

    /// <summary>A value made outside of this program from the documented form, with Python's cryptography.</summary>
    [Fact]
    public void Value_MadeByTheDocument_Opens()
    {
        byte[] value = Convert.FromHexString(GoldenValue.Value);
        DataKey key = new(1, 1, "", 1, [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0);
        byte[] plain = new byte[value.Length - SealedFormat.OverheadBytes];

        Assert.True(key.TryOpen(value, Convert.FromHexString(GoldenValue.AssociatedData), plain));
        Assert.Equal("iskra", System.Text.Encoding.ASCII.GetString(plain));
    }

    [Fact]
    public void RootKey_Derivations_AreTheseBytes()
    {
        using RootKey key = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

        Assert.Equal(GoldenValue.RootId, Convert.ToHexString(key.Id));
        Assert.Equal(GoldenValue.RootCheck, Convert.ToHexString(key.CheckValue));
    }

    [Fact]
    public void DataKey_Retired_RefusesAndIsZeroed()
    {
        byte[] material = KeyWrap.NewKey();
        DataKey key = new(1, 1, "", 1, material, 0);
        byte[] value = new byte[SealedFormat.OverheadBytes + 3];
        Assert.True(key.TrySeal([1, 2, 3], [], value));

        key.Retire();

        Assert.False(key.TrySeal([1, 2, 3], [], value));
        Assert.False(key.TryOpen(value, [], new byte[3]));
        Assert.All(material, b => Assert.Equal(0, b));
    }

    [Fact]
    public void Unwrap_AnotherKeysName_Refuses()
    {
        byte[] wrapping = KeyWrap.NewKey();
        byte[] key = KeyWrap.NewKey();
        byte[] wrapped = KeyWrap.Wrap(wrapping, key, "a"u8);

        Assert.Equal(61, wrapped.Length);
        Assert.Equal(key, KeyWrap.Unwrap(wrapping, wrapped, "a"u8));
        Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(wrapping, wrapped, "b"u8));
        Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(key, wrapped, "a"u8));
    }
}
