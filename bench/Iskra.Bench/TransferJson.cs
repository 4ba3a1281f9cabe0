using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;

namespace Iskra.Bench;

/// <summary>Request bodies of the API, and what counts in its answers.</summary>
internal sealed class TransferJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly Utf8JsonWriter _writer;

    public TransferJson() => _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

    public ReadOnlyMemory<byte> One(in TransferRequest request)
    {
        Begin();
        Write(request);
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    public ReadOnlyMemory<byte> Many(ReadOnlySpan<TransferRequest> requests)
    {
        Begin();
        _writer.WriteStartObject();
        _writer.WriteStartArray("transfers"u8);
        foreach (ref readonly TransferRequest request in requests)
        {
            Write(request);
        }

        _writer.WriteEndArray();
        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    /// <summary>The number of transfers that the answer to a batch calls new.</summary>
    public static int CountOk(ReadOnlySpan<byte> body)
    {
        int at = body.LastIndexOf("\"ok\":"u8);
        return at >= 0 && Utf8Parser.TryParse(body[(at + 5)..], out int ok, out _) ? ok : 0;
    }

    public void Dispose() => _writer.Dispose();

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
    }

    private void Write(in TransferRequest request)
    {
        _writer.WriteStartObject();
        _writer.WriteString("id"u8, Uuid.ToGuid(request.Id));
        _writer.WriteString("debitAccountId"u8, Uuid.ToGuid(request.DebitAccountId));
        _writer.WriteString("creditAccountId"u8, Uuid.ToGuid(request.CreditAccountId));
        _writer.WriteNumber("amountMinor"u8, request.AmountMinor);
        _writer.WriteString("currency"u8, request.Currency);
        _writer.WriteNumber("code"u8, request.Code);
        _writer.WriteEndObject();
    }
}
