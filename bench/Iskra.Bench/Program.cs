using System.CommandLine;
using Iskra.Bench;

RootCommand root = new("Measures Iskra: durable stores, real code, latency from the intended start. See bench/README.md.")
{
    LedgerScenario.Create(),
    GrowthScenario.Create(),
    HttpScenario.Create(),
    PgbenchScenario.Create(),
    JobsScenario.Create(),
    AllocationScenario.Create(),
    EventsScenario.Create(),
    CacheScenario.Create(),
    LimitsScenario.Create(),
    JwtScenario.Create(),
    ScrubScenario.Create(),
    CryptoScenario.Create(),
    JobPeersScenario.Create(),
    AllScenario.Create(),
};
return await root.Parse(args).InvokeAsync();
