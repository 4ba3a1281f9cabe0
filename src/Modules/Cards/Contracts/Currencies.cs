using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Iskra.Modules.Cards.Contracts;

/// <summary>
/// Active currencies of ISO 4217 with the number of decimals between the major and the minor unit. Funds codes, metals and testing codes
/// are left out. Thread-safe.
/// </summary>
public static class Currencies
{
    // Grouped by exponent: source is the ISO 4217 list one, amendment 177.
    private const string TwoDecimals = """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK
        DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR
        LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR
        SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR
        ZMW ZWG
        """;

    private const string NoDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";

    private const string ThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";

    private static readonly FrozenDictionary<string, int> Exponents = Build();

    private static readonly FrozenDictionary<string, string> Canonical =
        Exponents.Keys.ToFrozenDictionary(code => code, StringComparer.Ordinal);

    /// <summary>All codes in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Exponents.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether the code is known: three capital letters.</summary>
    /// <param name="code">What a caller sent.</param>
    /// <param name="canonical">The one shared instance of the code.</param>
    public static bool TryGet(string? code, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        return code is not null && Canonical.TryGetValue(code, out canonical);
    }

    /// <summary>Decimals of the minor unit: 2 for RUB, 0 for JPY, 3 for KWD.</summary>
    /// <exception cref="KeyNotFoundException">The code is unknown.</exception>
    public static int DecimalsOf(string code) => Exponents[code];

    private static FrozenDictionary<string, int> Build()
    {
        Dictionary<string, int> all = new(StringComparer.Ordinal);
        Add(TwoDecimals, 2);
        Add(NoDecimals, 0);
        Add(ThreeDecimals, 3);
        return all.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(string codes, int decimals)
        {
            foreach (string code in codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                all.Add(code, decimals);
            }
        }
    }
}
