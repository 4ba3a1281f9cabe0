using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Iskra.Platform.Data.Sqlite;

/// <summary>
/// Chooses the native SQLite once per process: the newer of the bundled library and the system's. <c>ISKRA_SQLITE=bundled</c> or
/// <c>system</c> forces one. Must run before anything else touches SQLite.
/// </summary>
internal static class SqliteLibrary
{
    private const string ChoiceVariable = "ISKRA_SQLITE";

    private static readonly string[] SystemNames =
        OperatingSystem.IsWindows() ? ["winsqlite3.dll"] : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : ["libsqlite3.so.0"];

    private static readonly Lazy<string> Loaded = new(Load);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int IntFunction();

    /// <summary>Loads the library when that has not been done, and describes it: "SQLite 3.40.1 (system library)".</summary>
    public static string EnsureLoaded() => Loaded.Value;

    private static string Load()
    {
        Assembly provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
        nint bundled = NativeLibrary.TryLoad("e_sqlite3", provider, null, out nint handle) ? handle : 0;
        nint system = SystemNames
            .Select(name => NativeLibrary.TryLoad(name, out nint library) ? library : 0)
            .FirstOrDefault(library => library != 0);
        bool isSystem = PrefersSystem(bundled, system);
        nint chosen = isSystem ? system : bundled;
        if (chosen != 0)
        {
            NativeLibrary.SetDllImportResolver(provider, (name, _, _) => name == "e_sqlite3" ? chosen : 0);
        }

        Batteries_V2.Init();
        return $"SQLite {raw.sqlite3_libversion().utf8_to_string()} ({(isSystem ? "system" : "bundled")} library)";
    }

    private static bool PrefersSystem(nint bundled, nint system) =>
        Environment.GetEnvironmentVariable(ChoiceVariable) switch
        {
            "bundled" when bundled != 0 => false,
            "system" when system != 0 => true,
            _ => IsThreadSafe(system) && Version(system) > Version(bundled),
        };

    private static int Version(nint library) => Call(library, "sqlite3_libversion_number");

    // A library built without its mutexes would be destroyed by a pool of readers.
    private static bool IsThreadSafe(nint library) => Call(library, "sqlite3_threadsafe") != 0;

    private static int Call(nint library, string function) =>
        library != 0 && NativeLibrary.TryGetExport(library, function, out nint address)
            ? Marshal.GetDelegateForFunctionPointer<IntFunction>(address)()
            : 0;
}
