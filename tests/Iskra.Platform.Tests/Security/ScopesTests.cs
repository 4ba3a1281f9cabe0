using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Tests.Security;

public sealed class ScopesTests
{
    [Fact]
    public void Has_Admin_ImpliesAllButSystem()
    {
        Caller admin = Create(Scopes.Admin);
        Assert.All(Scopes.Grantable.Where(scope => scope != Scopes.System), scope => Assert.True(admin.Has(scope)));
        Assert.False(admin.Has(Scopes.System));
        Assert.True(Create(Scopes.System).Has(Scopes.System));
        Assert.False(Create(Scopes.System).Has(Scopes.Admin));
        Assert.True(Create().Has(Scopes.Authenticated));
        Caller elsewhere = new(CallerKind.Key, new TenantId(2), "acme", "k", [Scopes.Admin, Scopes.System, Scopes.MetricsRead]);
        Assert.True(elsewhere.Has(Scopes.Admin) && elsewhere.Has(Scopes.CardsWrite));
        Assert.False(elsewhere.Has(Scopes.System) || elsewhere.Has(Scopes.MetricsRead));
    }

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    public void Check_System_OnlyInTheDefaultTenantByItsHolder(int tenant, bool giverHasIt, bool isGood)
    {
        Caller giver = giverHasIt ? Create(Scopes.Admin, Scopes.System) : Create(Scopes.Admin);
        List<ProblemError> faults = [];
        ScopeRules.Check("$.scopes", [Scopes.System], required: true, new TenantId(tenant), giver, faults);
        Assert.Equal(isGood, faults.Count == 0);
    }

    [Fact]
    public void CheckRoles_RoleWithSystem_IsNotGivenByAnAdmin()
    {
        Role[] known = [.. BuiltInRoles.All, new Role("root", "", [Scopes.System], IsBuiltIn: false)];
        List<ProblemError> faults = [];
        UserRules.CheckRoles(["admin", "root", "nothing"], known, TenantId.Default, Create(Scopes.Admin), faults);
        Assert.Equal(["$.roles[1]", "$.roles[2]"], faults.Select(fault => fault.Path));
    }

    [Fact]
    public void BuiltInRoles_ViewerAndOperator_HoldNoAdministration()
    {
        Assert.Equal(["admin", "operator", "viewer", "auditor"], BuiltInRoles.All.Select(role => role.Name));
        Assert.All(BuiltInRoles.Find("viewer")!.Scopes, scope => Assert.EndsWith(":read", scope, StringComparison.Ordinal));
        Assert.DoesNotContain(Scopes.Admin, BuiltInRoles.Find("operator")!.Scopes);
        Assert.DoesNotContain(BuiltInRoles.All, role => role.Scopes.Contains(Scopes.System));
    }

    [Theory]
    [InlineData("short", false)]
    [InlineData("aaaaaaaaaaaaaaaa", false)]
    [InlineData("anna@example.org!", false)]
    [InlineData("anna-and-more-letters", false)]
    [InlineData("four words of length", true)]
    public void CheckPassword_EasilyGuessed_IsRefused(string password, bool isGood)
    {
        List<ProblemError> faults = [];
        UserRules.CheckPassword("$.password", password, "anna@example.org", 12, faults);
        Assert.Equal(isGood, faults.Count == 0);
        Assert.DoesNotContain(faults, fault => fault.Message.Contains(password, StringComparison.Ordinal));
    }

    private static Caller Create(params string[] scopes) => new(CallerKind.Key, TenantId.Default, "default", "k", scopes);
}
