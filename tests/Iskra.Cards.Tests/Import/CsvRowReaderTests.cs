using System.Text;
using Iskra.Modules.Cards.Import;

namespace Iskra.Cards.Tests.Import;

public sealed class CsvRowReaderTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "1:a|b;2:1|2")]
    [InlineData("a,b\r\n1,2", "1:a|b;2:1|2")]
    [InlineData("\uFEFFa,b\n\n\n1,2\n", "1:a|b;4:1|2")]
    [InlineData("\"a\",\"b,c\"\n\"say \"\"hi\"\"\",\n", "1:a|b,c;2:say \"hi\"|")]
    [InlineData("\"two\nlines\",x\n3,4", "1:two\nlines|x;3:3|4")]
    [InlineData(",\n\"\"\n", "1:|;2:")]
    [InlineData("", "")]
    [InlineData("a", "1:a")]
    public void Read_Text_GivesRowsWithTheirLines(string text, string expected) => Assert.Equal(expected, Rows(text));

    [Theory]
    [InlineData("\"a\"x,b\nc,d\n", "1!;2:c|d")]
    [InlineData("\"never closed,b\nc,d\n", "1!")]
    public void Read_StrayQuote_MarksTheRowAndGoesOn(string text, string expected) => Assert.Equal(expected, Rows(text));

    [Fact]
    public void Read_RowBeyondTheLimit_IsMarkedAndTheNextIsRead()
    {
        string longRow = new('x', CsvRowReader.RowLengthMax + 1);
        Assert.Equal("1!;2:a|b", Rows($"{longRow},1\na,b\n"));
        Assert.Equal("1!;2:a|b", Rows($"\"{longRow}\",1\na,b\n"));
        Assert.StartsWith(
            "1!;2:a|b", Rows(string.Join(',', Enumerable.Repeat("f", CsvRowReader.FieldsMax + 1)) + "\na,b\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnySplitOfTheStream_GivesTheSameRows()
    {
        string text = string.Concat(Enumerable.Range(0, 20_000).Select(index => $"{index},\"q{index},\"\"x\"\"\",é\r\n"));
        using CsvRowReader reader = new(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        for (int index = 0; index < 20_000; index++)
        {
            Assert.True(reader.Read());
            Assert.Equal(index + 1, reader.Line);
            Assert.Equal($"{index}", reader.Field(0));
            Assert.Equal($"q{index},\"x\"", reader.Field(1));
            Assert.Equal("é", reader.Field(2));
        }

        Assert.False(reader.Read());
    }

    private static string Rows(string text)
    {
        using CsvRowReader reader = new(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.Fault is not null ? $"{reader.Line}!" : $"{reader.Line}:{Fields(reader)}");
        }

        return string.Join(';', rows);
    }

    private static string Fields(CsvRowReader reader)
    {
        List<string> fields = [];
        for (int index = 0; index < reader.FieldCount; index++)
        {
            fields.Add(reader.Field(index).ToString());
        }

        return string.Join('|', fields);
    }
}
