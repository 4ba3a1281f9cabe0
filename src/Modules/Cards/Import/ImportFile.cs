using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Iskra.Platform.Hosting;

namespace Iskra.Modules.Cards.Import;

/// <summary>A file on disk, compressed or not.</summary>
internal sealed class ImportFile : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="StartupException">It can't be opened, or is empty.</exception>
    public ImportFile(string path)
    {
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string reason = exception switch
            {
                FileNotFoundException or DirectoryNotFoundException => "is not there",
                UnauthorizedAccessException => "may not be read",
                _ => "can't be opened",
            };
            throw new StartupException(ExitCode.Failure, $"The file '{path}' {reason}.", exception);
        }

        if (_file.Length == 0)
        {
            _file.Dispose();
            throw new StartupException(ExitCode.Failure, $"The file '{path}' is empty.");
        }
    }

    public long Length => _file.Length;

    public long Position => _file.Position;

    /// <summary>
    /// SHA-256 over the whole file and the settings that decide what is written. The whole file and not only its beginning: a file whose
    /// later rows were corrected is another one.
    /// </summary>
    public async Task<byte[]> FingerprintAsync(string settings, CancellationToken cancellationToken)
    {
        _file.Position = 0;
        byte[] content = await SHA256.HashDataAsync(_file, cancellationToken);
        _file.Position = 0;
        return SHA256.HashData([.. content, .. Encoding.UTF8.GetBytes(settings)]);
    }

    /// <summary>The text, unpacked when the file begins as gzip does, whatever its name.</summary>
    public Stream OpenText()
    {
        _file.Position = 0;
        Span<byte> magic = stackalloc byte[2];
        bool isGzip = _file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        _file.Position = 0;
        return isGzip ? new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true) : _file;
    }

    public void Dispose() => _file.Dispose();
}
