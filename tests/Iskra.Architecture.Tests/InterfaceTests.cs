namespace Iskra.Architecture.Tests;

public sealed class InterfaceTests
{
    [Fact]
    public void Interfaces_OfProduct_HaveTwoImplementationsOrAReason()
        => InterfaceRules.TwoImplementations(Repository.Product, Repository.File(InterfaceRules.AllowList)).AssertClean();

    [Fact]
    public void Interfaces_SingleImplementationAndStaleEntry_AreReported()
        => InterfaceRules.TwoImplementations(
            [new SourceFile("src/A.cs",
                "interface IOne; class One : IOne; interface ITwo<T>; class A : ITwo<int>; "
                + "record B : Base, X.ITwo<string>; interface IBoundary;")],
            new SourceFile("allow.txt",
                "# comment\nIBoundary: stands between the host and its modules\nIGone: was here once upon a time\n"))
                .AssertReports("IOne has 1", "IGone is no interface");
}
