namespace Iskra.Platform.Hosting;

/// <summary>What an exception that reached the pipeline was, as the metric <c>iskra.http.errors</c> counts it. A closed list.</summary>
internal enum ErrorKind
{
    /// <summary>The request can't be read, or has a value that is not allowed.</summary>
    BadRequest = 0,

    /// <summary>A body or header beyond its limit.</summary>
    TooLarge = 1,

    /// <summary>The caller closed the connection before the answer was there.</summary>
    CallerLeft = 2,

    /// <summary>The request took longer than its limit, or arrived too slowly.</summary>
    Timeout = 3,

    StoreBusy = 4,

    StoreFull = 5,

    StoreUnreachable = 6,

    StoreTimeout = 7,

    /// <summary>A fault of ours after the answer had begun: the connection was closed.</summary>
    AnswerBroken = 8,

    /// <summary>A fault of ours: 500.</summary>
    Internal = 9,
}
