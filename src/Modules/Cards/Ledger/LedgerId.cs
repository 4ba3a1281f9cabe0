using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// An id that a caller chose, in the id space of the caller's tenant: the same 128 bits of two tenants are two ids. Packed to 20 bytes,
/// less than <see cref="UInt128"/> alone costs as the key of a dictionary with its alignment of 16.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct LedgerId : IEquatable<LedgerId>
{
    // Callers choose the ids: with a secret of this process in the hash, none can choose thousands that fall together.
    private static readonly ulong HighSecret = Secret();
    private static readonly ulong LowSecret = Secret();

    private readonly ulong _high;
    private readonly ulong _low;
    private readonly int _tenant;

    public LedgerId(TenantId tenant, UInt128 id)
    {
        _high = (ulong)(id >> 64);
        _low = (ulong)id;
        _tenant = tenant.Value;
    }

    public TenantId Tenant => new(_tenant);

    public UInt128 Id => new(_high, _low);

    public static bool operator ==(LedgerId left, LedgerId right) => left.Equals(right);

    public static bool operator !=(LedgerId left, LedgerId right) => !left.Equals(right);

    public bool Equals(LedgerId other) => _low == other._low && _high == other._high && _tenant == other._tenant;

    public override bool Equals(object? obj) => obj is LedgerId other && Equals(other);

    /// <summary>One multiplication of 64 by 64 bits, folded.</summary>
    public override int GetHashCode()
    {
        ulong top = Math.BigMul(_high ^ HighSecret ^ ((ulong)_tenant << 32), _low ^ LowSecret, out ulong bottom);
        ulong folded = top ^ bottom;
        return (int)(folded ^ (folded >> 32));
    }

    public override string ToString() => $"{_tenant}/{Storage.Uuid.ToGuid(Id)}";

    private static ulong Secret() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
